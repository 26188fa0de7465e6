import type { BranchEvidence } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { pipeline } from '@/strings';
import { CurveSketch } from './curve-sketch';
import { WindowsSketch } from './windows-sketch';

/** A branch's score and sentence, and its course over time where it has one. */
export function BranchResult({ detail }: { detail: Partial<BranchEvidence> }) {
  const { score, sentence, windows = [], offsetCurve } = detail;
  return (
    <div className="flex h-full flex-col gap-1.5">
      {score != null && <ScoreBar score={score} label={pipeline.score} />}
      {windows.length > 1 && <WindowsSketch windows={windows} />}
      {offsetCurve && <CurveSketch curve={offsetCurve} />}
      {sentence && (
        <p className="line-clamp-3" title={sentence}>
          {sentence}
        </p>
      )}
    </div>
  );
}
