import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { analysesQuery, type Wanted } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Chosen } from '@/features/history/chosen';
import { DeleteDialog, type Target } from '@/features/history/delete-dialog';
import { Filters } from '@/features/history/filters';
import { Row } from '@/features/history/row';
import { useTitle } from '@/hooks/use-title';
import { mayPass } from '@/lib/passing';
import { common, history as strings } from '@/strings';

/** `/history?q=words&verdict=...&kind=...&order=...&chosen=id,id`: what was analysed here. */
export default function History() {
  useTitle(strings.title);
  const [params, setParams] = useSearchParams();
  const asked = (name: string) => params.get(name) ?? '';
  const wanted: Wanted = {
    q: asked('q'),
    verdict: asked('verdict'),
    kind: asked('kind'),
    order: asked('order'),
  };
  const q = useDeferredValue(wanted.q);
  const query = useInfiniteQuery(analysesQuery({ ...wanted, q }));
  const chosen = params.get('chosen')?.split(',').filter(Boolean) ?? [];
  const [doomed, setDoomed] = useState<Target | null>(null);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  // In the address, so that what is chosen is still so after a comparison and a step back.
  const show = (wanted: Wanted, chosen: readonly string[]) => {
    const told = Object.entries({ ...wanted, chosen: chosen.join(',') });
    setParams(Object.fromEntries(told.filter(([, value]) => value)), { replace: true });
  };
  const choose = (id: string, on: boolean) =>
    show(wanted, on ? [...chosen, id] : chosen.filter((each) => each !== id));
  const isNarrowed = [wanted.q, wanted.verdict, wanted.kind].some(Boolean);

  return (
    <div className="mx-auto max-w-4xl pt-6">
      <h1 className="mb-6 font-serif text-4xl tracking-tight">{strings.title}</h1>
      <Filters wanted={wanted} onChange={(next) => show(next, chosen)} />
      <Chosen ids={chosen} onClear={() => show(wanted, [])} />
      {query.error && (
        <Problem error={query.error} className="mt-4">
          {mayPass(query.error) && (
            <Button onClick={() => void query.refetch()}>{common.retry}</Button>
          )}
        </Problem>
      )}
      {query.isPending && <Waiting />}
      {query.data && items.length === 0 && <Nothing narrowed={isNarrowed} />}
      {items.length > 0 && (
        <ul
          aria-label={strings.list}
          className="mt-4 divide-y divide-line overflow-hidden rounded-2xl border border-line bg-surface"
        >
          {items.map((analysis: AnalysisStatus) => (
            <Row
              key={analysis.analysisId}
              analysis={analysis}
              chosen={chosen.includes(analysis.analysisId)}
              onChoose={(on) => choose(analysis.analysisId, on)}
              onDelete={() => setDoomed({ id: analysis.analysisId, fileName: analysis.fileName })}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="mt-4 text-center">
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {strings.more}
          </Button>
        </div>
      )}
      <DeleteDialog
        targets={doomed ? [doomed] : []}
        onClose={() => setDoomed(null)}
        onDeleted={() => doomed && choose(doomed.id, false)}
      />
    </div>
  );
}

function Waiting() {
  return (
    <div className="mt-4 space-y-2">
      {['first', 'second', 'third'].map((key) => (
        <Skeleton key={key} className="h-16 rounded-2xl" />
      ))}
    </div>
  );
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  if (narrowed) return <p className="py-16 text-center text-ink-soft">{strings.noMatch}</p>;
  return (
    <div className="py-20 text-center">
      <p className="mb-5 font-serif text-2xl">{strings.empty.title}</p>
      <Button asChild look="primary">
        <Link href="/">{strings.empty.action}</Link>
      </Button>
    </div>
  );
}
