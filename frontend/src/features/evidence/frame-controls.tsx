import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { usePlayhead, useTime } from '@/lib/playhead';
import { evidence as strings } from '@/strings';

/** One frame back, one frame on, and the exact time: what players of browsers lack. */
export function FrameControls({ fps }: { fps: number }) {
  const playhead = usePlayhead();
  const step = (frames: number) => playhead.seek(Math.max(0, playhead.time + frames / fps));
  return (
    <div className="flex items-center gap-1">
      <Button look="quiet" className="px-2.5" aria-label={strings.back} onClick={() => step(-1)}>
        <ChevronLeft size={18} aria-hidden />
      </Button>
      <Button look="quiet" className="px-2.5" aria-label={strings.on} onClick={() => step(1)}>
        <ChevronRight size={18} aria-hidden />
      </Button>
      <ExactTime />
    </div>
  );
}

function ExactTime() {
  return <span className="ml-1 text-ink-soft text-sm tabular-nums">{useTime().toFixed(2)} s</span>;
}
