import type { Report, StageInfo } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { why as strings } from '@/strings';

interface BranchListProps {
  branches: Report['branches'];
  stages: readonly StageInfo[];
}

/** A sentence a branch, with its score or why there is none. */
export function BranchList({ branches, stages }: BranchListProps) {
  return (
    <ul className="divide-y divide-line">
      {Object.entries(branches).map(([name, evidence]) => (
        <li
          key={name}
          className="grid gap-x-6 gap-y-1 py-3 first:pt-0 sm:grid-cols-[10rem_1fr_9rem]"
        >
          <h4 className="font-medium text-sm">{titleOf(name, stages)}</h4>
          <p className="text-ink-soft text-sm">{evidence.sentence || evidence.reason}</p>
          <div className="text-sm">
            {evidence.score != null ? (
              <ScoreBar score={evidence.score} label={strings.score} />
            ) : (
              <p className="text-ink-faint italic sm:text-right">
                {strings.branchStates[evidence.state]}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A branch is titled as its stage, which has its name. */
export function titleOf(branch: string, stages: readonly StageInfo[]): string {
  return stages.find(({ name }) => name === branch)?.title ?? branch;
}
