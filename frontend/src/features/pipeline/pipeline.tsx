import type { Connection } from '@/api/follow';
import type { AnalysisStatus, StageInfo } from '@/api/types';
import { useWidth } from '@/hooks/use-width';
import type { Run } from '@/lib/run';
import { pipeline as strings } from '@/strings';
import { Picture } from './picture';
import { StageList } from './stage-list';
import { shown } from './stage-state';

interface PipelineProps {
  stages: readonly StageInfo[];
  run: Run;
  status: AnalysisStatus | undefined;
  connection: Connection;
}

/** Below this, five columns of stages would be too narrow to read. */
const PICTURE_MIN_WIDTH = 900;

/** The pipeline at work, driven by the event stream. */
export function Pipeline({ stages, run, status, connection }: PipelineProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const shownOf = (stage: string) => shown(stage, run, status);
  const isLost = connection === 'lost' && !run.ended;
  return (
    <div ref={ref}>
      <p aria-live="polite" className="min-h-6 text-ink-soft text-sm">
        {isLost && strings.connection.lost}
        {!isLost && run.run > 1 && !run.ended && strings.rerun}
      </p>
      {width >= PICTURE_MIN_WIDTH && <Picture stages={stages} shownOf={shownOf} width={width} />}
      {width > 0 && width < PICTURE_MIN_WIDTH && <StageList stages={stages} shownOf={shownOf} />}
    </div>
  );
}
