import type { Report, StageInfo } from '@/api/types';
import { Card } from '@/components/ui/card';
import { why as strings } from '@/strings';
import { BranchList } from './branch-list';
import { Contributions } from './contributions';
import { Examined } from './examined';

interface WhyProps {
  report: Report;
  stages: readonly StageInfo[];
}

/** The reasoning behind a verdict: branches, shares, and what was looked at. */
export function Why({ report, stages }: WhyProps) {
  return (
    <Card id="why" className="scroll-mt-14 flex flex-col gap-8 p-5 sm:p-8">
      <h2 className="-mb-3 font-serif text-2xl">{strings.title}</h2>
      <div>
        <h3 className="mb-4 font-medium">{strings.branchesTitle}</h3>
        <BranchList report={report} stages={stages} />
      </div>
      <div>
        <h3 className="mb-1 font-medium">{strings.sharesTitle}</h3>
        <Contributions report={report} />
      </div>
      <div>
        <h3 className="mb-3 font-medium">{strings.examined.title}</h3>
        <Examined report={report} stages={stages} />
      </div>
    </Card>
  );
}
