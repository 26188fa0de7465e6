import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { feedbackQuery } from '@/api/queries';
import type { FeedbackRecord, Truth, Verdict } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { decided, filesOf } from '@/features/feedback/fared';
import { useTitle } from '@/hooks/use-title';
import { verdictWords } from '@/lib/verdict';
import { common, feedback as strings, verdict } from '@/strings';

const VERDICTS: readonly (Verdict | null)[] = ['Deepfake', 'Authentic', 'Inconclusive', null];
const TRUTHS: readonly Truth[] = ['fake', 'real', 'unsure'];

/** `/verdicts-fared`: what was said of files, by what they turned out to be. */
export default function Feedback() {
  useTitle(strings.record);
  const { data, error, refetch } = useQuery(feedbackQuery);
  return (
    <div className="pt-6">
      <h1 className="font-serif text-4xl tracking-tight">{strings.record}</h1>
      <p className="mt-2 mb-8 max-w-2xl text-ink-soft text-lg">{strings.lead}</p>
      {error && (
        <Problem error={error}>
          <Button onClick={() => void refetch()}>{common.retry}</Button>
        </Problem>
      )}
      {!data && !error && <Skeleton className="h-64 rounded-2xl" />}
      {data?.items.length === 0 && <p>{strings.empty}</p>}
      {data && data.items.length > 0 && <Told record={data} />}
    </div>
  );
}

function Told({ record: { counts, items } }: { record: FeedbackRecord }) {
  const { wrong, of } = decided(counts);
  return (
    <>
      {of > 0 && <p className="mb-4 font-medium">{strings.wrong(wrong, of)}</p>}
      <div className="overflow-x-auto">
        <table className="text-sm tabular-nums">
          <thead>
            <tr className="border-line border-b text-left text-ink-soft">
              <th className="py-2 pr-8 font-normal">{strings.columns.verdict}</th>
              {TRUTHS.map((truth) => (
                <th key={truth} className="py-2 pr-8 text-right font-normal">
                  {strings.truths[truth]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {VERDICTS.map((each) => (
              <tr key={each} className="border-line border-b">
                <th scope="row" className="py-2 pr-8 text-left font-medium">
                  {each === null ? verdict.nothing : verdict.words[each]}
                </th>
                {TRUTHS.map((truth) => (
                  <td key={truth} className="py-2 pr-8 text-right">
                    {filesOf(counts, each, truth)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 className="mt-8 mb-2 font-medium">{strings.list}</h2>
      <ul className="space-y-1 text-sm">
        {items.map(({ analysisId, fileName, result, truth }) => (
          <li key={analysisId} className="flex flex-wrap gap-x-3">
            <Link href={`/analysis/${analysisId}`} className="underline underline-offset-2">
              {fileName}
            </Link>
            {result && <span>{verdictWords(result)}</span>}
            {truth && <span className="text-ink-soft">{strings.truths[truth]}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
