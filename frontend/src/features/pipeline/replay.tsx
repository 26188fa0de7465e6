import { Pause, Play } from 'lucide-react';
import { Slider } from 'radix-ui';
import type { AnalysisStatus, StageInfo } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { type Replay as ReplayState, useReplay } from '@/hooks/use-replay';
import { spent } from '@/lib/format';
import { pipeline } from '@/strings';
import { Pipeline } from './pipeline';

const strings = pipeline.replay;
const STEP_MS = 10;

interface ReplayProps {
  status: AnalysisStatus;
  stages: readonly StageInfo[];
}

/** The pipeline as it went, with a slider through its time. */
export function Replay({ status, stages }: ReplayProps) {
  const replay = useReplay(status.analysisId);
  if (!replay) return <Skeleton className="mt-6 h-96" />;
  return (
    <>
      <Controls replay={replay} />
      <Pipeline stages={stages} run={replay.run} status={undefined} connection="live" />
    </>
  );
}

function Controls({ replay }: { replay: ReplayState }) {
  const { position, length, playing, seek, toggle } = replay;
  const Icon = playing ? Pause : Play;
  const at = strings.at(spent(position), spent(length));
  return (
    <div className="mt-3">
      <div className="flex items-center gap-4">
        <Button
          className="px-2.5"
          aria-label={playing ? strings.pause : strings.play}
          onClick={toggle}
        >
          <Icon size={16} aria-hidden />
        </Button>
        <Slider.Root
          value={[position]}
          // A whole number of steps: the slider could not reach the last event else.
          max={STEP_MS * Math.max(1, Math.ceil(length / STEP_MS))}
          step={STEP_MS}
          onValueChange={([to = 0]) => seek(to)}
          className="relative flex h-6 flex-1 touch-none items-center"
        >
          <Slider.Track className="h-1 flex-1 rounded-full bg-line">
            <Slider.Range className="absolute h-1 rounded-full bg-accent" />
          </Slider.Track>
          <Slider.Thumb
            aria-label={strings.position}
            aria-valuetext={at}
            className="block size-4 rounded-full border-2 border-accent bg-surface"
          />
        </Slider.Root>
        <span className="w-36 text-right text-ink-soft text-sm tabular-nums">{at}</span>
      </div>
      <p className="mt-1 text-ink-soft text-sm">{strings.told}</p>
    </div>
  );
}
