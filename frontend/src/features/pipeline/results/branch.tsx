import type { BranchEvidence } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { pipeline, service } from '@/strings';
import { CurveSketch } from './curve-sketch';
import { Preview } from './preview';
import { WindowsSketch } from './windows-sketch';

/** A branch's score and sentence, with what it saw or its course over time where it has that. */
export function BranchResult({ detail }: { detail: Partial<BranchEvidence> }) {
  const { score, sentence, windows = [], offsetCurve, preview } = detail;
  return (
    <div className="flex h-full flex-col gap-1.5">
      {score != null && <ScoreBar score={score} label={pipeline.score} />}
      {windows.length > 1 && <WindowsSketch windows={windows} />}
      {offsetCurve && <CurveSketch curve={offsetCurve} />}
      <div className="flex gap-2.5">
        {preview && <Preview preview={preview} />}
        {sentence && (
          <p className="line-clamp-3" title={service(sentence)}>
            {service(sentence)}
          </p>
        )}
      </div>
    </div>
  );
}
