import type { BranchEvidence, Report, StageInfo } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { branchShare } from '@/lib/shares';
import { service, why as strings } from '@/strings';

interface BranchListProps {
  report: Report;
  stages: readonly StageInfo[];
}

/** A sentence a branch, with its score or why there is none; those that counted most first. */
export function BranchList({ report, stages }: BranchListProps) {
  return (
    <ul className="divide-y divide-line">
      {branchesByWeight(report).map(([name, evidence]) => (
        <li
          key={name}
          className="grid gap-x-6 gap-y-1 py-3 first:pt-0 sm:grid-cols-[10rem_1fr_9rem]"
        >
          <div>
            <h4 className="font-medium text-sm">{titleOf(name, stages)}</h4>
            {evidence.state === 'done' && (
              <p className="text-ink-soft text-xs">{counted(branchShare(name, report))}</p>
            )}
          </div>
          <p className="text-ink-soft text-sm">
            {service(evidence.sentence || evidence.reason || '')}
          </p>
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

/** The branches of a report, those that moved the verdict most first. */
export function branchesByWeight(report: Report): [string, BranchEvidence][] {
  const weight = (name: string) => Math.abs(branchShare(name, report));
  return Object.entries(report.branches).sort(([one], [other]) => weight(other) - weight(one));
}

/** Which way a branch moved the verdict. */
export function counted(share: number): string {
  if (share === 0) return strings.counted.not;
  return share > 0 ? strings.counted.towards : strings.counted.against;
}

/** A branch is titled as its stage, which has its name. */
export function titleOf(branch: string, stages: readonly StageInfo[]): string {
  return service(stages.find(({ name }) => name === branch)?.title ?? branch);
}
