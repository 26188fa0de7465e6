import { type ReactNode, useRef } from 'react';
import { useBroken } from '@/hooks/use-broken';
import { useMediaTime } from '@/hooks/use-media-time';
import { useUploadStored } from '@/hooks/use-upload-stored';
import { mediaUrl } from '@/lib/links';
import { evidence as strings } from '@/strings';
import { FrameControls } from './frame-controls';
import { Overlay, type OverlayProps } from './overlay';
import { StoredFrames } from './stored-frames';

interface PlayerProps extends Omit<OverlayProps, 'width' | 'height'> {
  /** More controls, under the picture. */
  children: ReactNode;
}

/** The video itself, with what was found drawn onto every frame. */
export function Player({ children, ...overlay }: PlayerProps) {
  const { media } = overlay.report;
  const ref = useRef<HTMLVideoElement>(null);
  const broken = useBroken(ref);
  const stored = useUploadStored(overlay.id, broken);
  const shown = stored && !broken;
  useMediaTime(ref);
  const { width, height } = media.video ?? { width: 16, height: 9 };

  if (!shown) {
    const why = stored ? strings.cannotPlay : strings.gone;
    return (
      <StoredFrames {...overlay} width={width} height={height} why={why} stored={stored}>
        {children}
      </StoredFrames>
    );
  }
  return (
    <div>
      <div
        className="relative overflow-hidden rounded-xl bg-black"
        style={{ aspectRatio: `${width} / ${height}`, maxHeight: '70vh', marginInline: 'auto' }}
      >
        {/* biome-ignore lint/a11y/useMediaCaption: unknown speech of others has no captions */}
        <video
          ref={ref}
          src={mediaUrl(overlay.id)}
          controls
          playsInline
          preload="auto"
          aria-label={strings.player}
          className="size-full"
        />
        <Overlay {...overlay} width={width} height={height} />
      </div>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <FrameControls fps={media.video?.fps ?? 25} />
        <div className="flex flex-wrap gap-2">{children}</div>
      </div>
    </div>
  );
}
