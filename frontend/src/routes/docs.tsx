import { useQuery } from '@tanstack/react-query';
import { openapiQuery } from '@/api/queries';
import { Problem } from '@/components/problem';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { Operation } from '@/features/docs/operation';
import { operationsOf } from '@/features/docs/operations';
import { useTitle } from '@/hooks/use-title';
import { docs as strings } from '@/strings';

/** `/docs`: what other programs can ask of the service, from its own description. */
export default function Docs() {
  useTitle(strings.title);
  const { data, error } = useQuery(openapiQuery);
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-6 pt-6">
      <div>
        <h1 className="mb-3 font-serif text-4xl tracking-tight">{strings.title}</h1>
        <p className="max-w-2xl text-ink-soft">{strings.lead}</p>
        <a href="/openapi.json" className="mt-2 inline-block underline underline-offset-4">
          {strings.raw}
        </a>
      </div>
      <Card className="p-5 sm:p-6">
        <h2 className="font-serif text-xl">{strings.example}</h2>
        <p className="mb-3 text-ink-soft text-sm">{strings.exampleLead}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 text-sm">
          {`curl -F file=@clip.mp4 ${location.origin}/analyze\ncurl ${location.origin}/status/ID?wait=60`}
        </pre>
      </Card>
      {error && <Problem error={error} />}
      {!data && !error && <Skeleton className="h-96 rounded-2xl" />}
      {data && operationsOf(data).map((each) => <Operation key={each.name} operation={each} />)}
    </div>
  );
}
