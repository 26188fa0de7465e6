import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { modelsQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { ModelSection } from '@/features/models/model-section';
import { Overview } from '@/features/models/overview';
import { useTitle } from '@/hooks/use-title';
import { common, models as strings } from '@/strings';

/** The one whose numbers are those of the verdicts. */
const FIRST = 'fusion';

/** `/model-cards?model=name`: what every model is and how far to trust it; one of them in full. */
export default function Models() {
  useTitle(common.nav.models);
  const { data, error, refetch } = useQuery(modelsQuery);
  const [params] = useSearchParams();
  const named = (name: string | null) => data?.find((model) => model.name === name);
  const shown = named(params.get('model')) ?? named(FIRST) ?? data?.[0];
  return (
    <div className="pt-6">
      <h1 className="font-serif text-4xl tracking-tight">{strings.title}</h1>
      <p className="mt-2 mb-8 max-w-2xl text-ink-soft text-lg">{strings.lead}</p>
      {error && (
        <Problem error={error}>
          <Button onClick={() => void refetch()}>{common.retry}</Button>
        </Problem>
      )}
      {!data && !error && <Skeleton className="h-96 rounded-2xl" />}
      {data?.length === 0 && <p className="text-ink-soft">{strings.empty}</p>}
      {data && data.length > 0 && (
        <div className="flex flex-col gap-6">
          <div>
            <Overview models={data} shown={shown?.name ?? ''} />
            <p className="mt-2 text-ink-soft text-sm">{strings.aucLead}</p>
          </div>
          {shown && <ModelSection model={shown} />}
        </div>
      )}
    </div>
  );
}
