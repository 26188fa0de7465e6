import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { gone } from '@/api/client';
import { reportQuery, stagesQuery, statusQuery } from '@/api/queries';
import type { AnalysisStatus, Report } from '@/api/types';
import { Problem } from '@/components/problem';
import { Skeleton } from '@/components/ui/skeleton';
import { Comparison, Head, type Side } from '@/features/history/comparison';
import { useTitle } from '@/hooks/use-title';
import { compare as strings } from '@/strings';

interface CompareProps {
  ids: readonly [string, string];
}

/** A side as far as it has come: what is known of it, and why there is no more. */
interface Loading {
  id: string;
  status: AnalysisStatus | undefined;
  report: Report | undefined;
  error: Error | null;
}

/** `/compare/{one}/{other}`: two analyses side by side. */
export default function Compare({ ids }: CompareProps) {
  useTitle(strings.title);
  const { data: stages } = useQuery(stagesQuery);
  const sides = useSides(ids);
  const [left, right] = sides.flatMap(whole);
  const hasFailed = sides.some(({ error }) => error);
  return (
    <div className="mx-auto max-w-5xl pt-6">
      <h1 className="mb-6 font-serif text-4xl tracking-tight">{strings.title}</h1>
      {hasFailed && <Remainder sides={sides} />}
      {!hasFailed && left && right && stages && (
        <Comparison left={left} right={right} stages={stages} />
      )}
      {!hasFailed && !(left && right) && <Skeleton className="h-96 rounded-2xl" />}
    </div>
  );
}

function useSides(ids: readonly string[]): Loading[] {
  const statuses = useQueries({ queries: ids.map((id) => statusQuery(id)) });
  const isExpired = (status: AnalysisStatus) =>
    status.status === 'complete' && !status.reportStored;
  const reports = useQueries({
    queries: ids.map((id, index) => {
      const status = statuses[index]?.data;
      return { ...reportQuery(id), enabled: status !== undefined && !isExpired(status) };
    }),
  });
  return ids.map((id, index) => {
    const [status, report] = [statuses[index], reports[index]];
    const expired = status?.data && isExpired(status.data) ? gone() : null;
    const error = status?.error ?? report?.error ?? expired;
    return { id, status: status?.data, report: report?.data, error };
  });
}

function whole({ id, status, report, error }: Loading): Side[] {
  return status && report && !error ? [{ id, status, report }] : [];
}

/** One of the two cannot be shown, or neither: each says for itself. */
function Remainder({ sides }: { sides: readonly Loading[] }) {
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {sides.map((side) => {
          const [there] = whole(side);
          if (there) return <Head key={side.id} side={there} />;
          if (!side.error) return <Skeleton key={side.id} className="h-40 rounded-2xl" />;
          return (
            <Problem key={side.id} error={side.error}>
              {side.status && <p className="font-medium text-sm">{side.status.fileName}</p>}
            </Problem>
          );
        })}
      </div>
      <Link href="/history" className="mt-6 inline-block underline underline-offset-4">
        {strings.back}
      </Link>
    </>
  );
}
