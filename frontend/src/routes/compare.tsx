import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { reportQuery, stagesQuery, statusQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Skeleton } from '@/components/ui/skeleton';
import { Comparison } from '@/features/history/comparison';
import { useTitle } from '@/hooks/use-title';
import { compare as strings } from '@/strings';

interface CompareProps {
  ids: readonly [string, string];
}

/** `/compare/{one}/{other}`: two analyses side by side. */
export default function Compare({ ids }: CompareProps) {
  useTitle(strings.title);
  const { data: stages } = useQuery(stagesQuery);
  const statuses = useQueries({ queries: ids.map((id) => statusQuery(id)) });
  const reports = useQueries({ queries: ids.map((id) => reportQuery(id)) });
  const failed = [...statuses, ...reports].find(({ error }) => error)?.error;
  const sides = ids.flatMap((id, index) => {
    const [status, report] = [statuses[index]?.data, reports[index]?.data];
    return status && report ? [{ id, status, report }] : [];
  });
  const [left, right] = sides;
  return (
    <div className="mx-auto max-w-5xl pt-6">
      <h1 className="mb-6 font-serif text-4xl tracking-tight">{strings.title}</h1>
      {failed && (
        <Problem error={failed}>
          <Link href="/history" className="underline underline-offset-4">
            {strings.back}
          </Link>
        </Problem>
      )}
      {!failed && left && right && stages && (
        <Comparison left={left} right={right} stages={stages} />
      )}
      {!failed && !(left && right) && <Skeleton className="h-96 rounded-2xl" />}
    </div>
  );
}
