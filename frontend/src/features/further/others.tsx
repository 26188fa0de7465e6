import { Link } from 'wouter';
import type { AnalysisStatus } from '@/api/types';
import { askedWords } from '@/lib/asked';
import { moment } from '@/lib/format';
import { verdictWords } from '@/lib/verdict';
import { further as strings } from '@/strings';

/** The other analyses of the same file, with what each was asked and what it said. */
export function Others({ list }: { list: readonly AnalysisStatus[] }) {
  return (
    <div>
      <h3 className="mb-2 text-ink-soft text-sm">{strings.others}</h3>
      <ul className="space-y-1 text-sm">
        {list.map((each) => (
          <li key={each.analysisId} className="flex flex-wrap gap-x-2">
            <Link href={`/analysis/${each.analysisId}`} className="underline underline-offset-2">
              {askedWords(each.asked)}
            </Link>
            <span>{answerOf(each)}</span>
            <span className="text-ink-soft tabular-nums">{moment(each.createdAt)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function answerOf({ result, status }: AnalysisStatus): string {
  if (result) return verdictWords(result);
  return status === 'processing' ? strings.running : strings.failed;
}
