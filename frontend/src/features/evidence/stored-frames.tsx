import { ChevronLeft, ChevronRight, type LucideIcon } from 'lucide-react';
import { type ReactNode, useMemo, useRef } from 'react';
import type { StoredFrame } from '@/api/types';
import { Button } from '@/components/ui/button';
import { useBroken } from '@/hooks/use-broken';
import { useMediaTime } from '@/hooks/use-media-time';
import { exactClock } from '@/lib/format';
import { nearestFrame } from '@/lib/frames';
import { artefactUrl } from '@/lib/links';
import { Playhead, PlayheadContext, usePlayhead, useTime } from '@/lib/playhead';
import { evidence as strings } from '@/strings';
import { Overlay, type OverlayProps } from './overlay';
import { SoundPlayer } from './sound-player';

interface StoredFramesProps extends OverlayProps {
  /** Why the media itself is not shown. */
  why: string;
  /** Whether the file is there, so that its sound may be heard. */
  stored: boolean;
  /** More controls, under the picture. */
  children: ReactNode;
}

/** In place of a player: the pictures that were kept, the one nearest to the playhead's moment. */
export function StoredFrames({ why, stored, children, ...overlay }: StoredFramesProps) {
  const { frames, media } = overlay.report;
  const time = useTime();
  const frame = nearestFrame(frames, time);
  // What is drawn over a picture belongs to its moment, not to that of the playhead.
  const moment = useMemo(() => new Playhead(frame?.time ?? 0), [frame]);
  if (!frame) {
    return <p className="rounded-xl bg-sunken p-8 text-center text-ink-soft">{why}</p>;
  }
  const index = frames.indexOf(frame);
  const [before, after] = [frames[index - 1], frames[index + 1]];
  const isVideo = media.kind === 'video';
  return (
    <div>
      <div
        className="relative mx-auto overflow-hidden rounded-xl bg-black"
        style={{ aspectRatio: `${overlay.width} / ${overlay.height}`, maxHeight: '70vh' }}
      >
        <img
          src={artefactUrl(overlay.id, frame.picture)}
          alt={isVideo ? strings.frameAt(exactClock(frame.time)) : strings.stillCopy}
          className="size-full"
        />
        <PlayheadContext value={moment}>
          <Overlay {...overlay} />
        </PlayheadContext>
      </div>
      <p className="mt-3 text-ink-soft text-sm">
        {why} {isVideo ? strings.framesInstead(frames.length) : strings.pictureInstead}
      </p>
      {isVideo && stored && media.audio && <Sound id={overlay.id} />}
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        {isVideo && (
          <div className="flex items-center gap-1">
            <Step name={strings.pictureBack} Icon={ChevronLeft} to={before} />
            <Step name={strings.pictureOn} Icon={ChevronRight} to={after} />
            <span className="ml-1 text-ink-soft text-sm tabular-nums">
              {strings.pictureOf(index + 1, frames.length, exactClock(frame.time))}
            </span>
          </div>
        )}
        <div className="flex flex-wrap gap-2">{children}</div>
      </div>
    </div>
  );
}

/** To the picture before, or the one after, where there is one. */
function Step({ name, Icon, to }: { name: string; Icon: LucideIcon; to?: StoredFrame }) {
  const playhead = usePlayhead();
  return (
    <Button
      look="quiet"
      className="px-2.5"
      aria-label={name}
      disabled={!to}
      onClick={() => to && playhead.seek(to.time)}
    >
      <Icon size={18} aria-hidden />
    </Button>
  );
}

/** Browsers that do not know the picture often know the sound. */
function Sound({ id }: { id: string }) {
  const ref = useRef<HTMLAudioElement>(null);
  const broken = useBroken(ref);
  useMediaTime(ref);
  if (broken) return null;
  return <SoundPlayer id={id} ref={ref} preload="metadata" className="mt-3 w-full" />;
}
