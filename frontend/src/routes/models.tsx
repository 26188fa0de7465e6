import { useQuery } from '@tanstack/react-query';
import { modelsQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { ModelSection } from '@/features/models/model-section';
import { useTitle } from '@/hooks/use-title';
import { common, models as strings } from '@/strings';

/** `/model-cards`: what every model is, and how far to trust it. */
export default function Models() {
  useTitle(common.nav.models);
  const { data, error, refetch } = useQuery(modelsQuery);
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
        <div className="grid gap-8 lg:grid-cols-[12rem_minmax(0,1fr)]">
          <nav aria-label={strings.contents} className="hidden lg:block">
            <ul className="sticky top-6 space-y-1 text-sm">
              {data.map(({ name }) => (
                <li key={name}>
                  <a
                    href={`#${name}`}
                    className="block rounded-md px-3 py-1.5 text-ink-soft hover:bg-sunken hover:text-ink"
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div className="flex min-w-0 flex-col gap-6">
            {data.map((model) => (
              <ModelSection key={model.name} model={model} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
