import { useInfiniteQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { analysesQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Chosen } from '@/features/history/chosen';
import { DeleteDialog, type Target } from '@/features/history/delete-dialog';
import { Row } from '@/features/history/row';
import { useTitle } from '@/hooks/use-title';
import { common, history as strings } from '@/strings';

/** `/history?q=words&chosen=id,id`: everything that was analysed here, newest first. */
export default function History() {
  useTitle(strings.title);
  const [params, setParams] = useSearchParams();
  const words = params.get('q') ?? '';
  const query = useInfiniteQuery(analysesQuery(useDeferredValue(words)));
  const chosen = params.get('chosen')?.split(',').filter(Boolean) ?? [];
  const [doomed, setDoomed] = useState<Target | null>(null);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  // In the address, so that what is chosen is still so after a comparison and a step back.
  const show = (words: string, chosen: readonly string[]) =>
    setParams(
      { ...(words && { q: words }), ...(chosen.length > 0 && { chosen: chosen.join(',') }) },
      { replace: true },
    );
  const choose = (id: string, on: boolean) =>
    show(words, on ? [...chosen, id] : chosen.filter((each) => each !== id));

  return (
    <div className="mx-auto max-w-4xl pt-6">
      <h1 className="mb-6 font-serif text-4xl tracking-tight">{strings.title}</h1>
      <SearchField value={words} onChange={(next) => show(next, chosen)} />
      <Chosen ids={chosen} onClear={() => show(words, [])} />
      {query.error && (
        <Problem error={query.error} className="mt-4">
          <Button onClick={() => void query.refetch()}>{common.retry}</Button>
        </Problem>
      )}
      {query.isPending && <Waiting />}
      {query.data && items.length === 0 && <Nothing words={words} />}
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

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label className="flex items-center gap-3 rounded-xl border border-line bg-surface px-4 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
      <Search size={17} className="text-ink-faint" aria-hidden />
      <span className="sr-only">{strings.search}</span>
      <input
        type="search"
        value={value}
        placeholder={strings.search}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
        className="h-11 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
      />
    </label>
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

function Nothing({ words }: { words: string }) {
  if (words) return <p className="py-16 text-center text-ink-soft">{strings.noMatch(words)}</p>;
  return (
    <div className="py-20 text-center">
      <p className="mb-5 font-serif text-2xl">{strings.empty.title}</p>
      <Button asChild look="primary">
        <Link href="/">{strings.empty.action}</Link>
      </Button>
    </div>
  );
}
