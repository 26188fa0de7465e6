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
      <Told strings={{ title: strings.example, text: strings.exampleLead }}>
        {`curl -F file=@clip.mp4 ${location.origin}/analyze\ncurl ${location.origin}/status/ID?wait=60`}
      </Told>
      <Told strings={strings.keys}>
        {`curl -H "Authorization: Bearer $KEY" -F file=@clip.mp4 ${location.origin}/analyze`}
      </Told>
      <Told strings={strings.webhooks}>
        {`curl -F file=@clip.mp4 -F webhook=https://example.com/told ${location.origin}/analyze`}
      </Told>
      <Told strings={strings.signatures}>
        {`curl -o report.json ${location.origin}/report/ID\ncurl -o signature.json ${location.origin}/report/ID/signature\ncurl -o key.pem ${location.origin}/signing-key\nassay verify report.json signature.json --key key.pem`}
      </Told>
      {error && <Problem error={error} />}
      {!data && !error && <Skeleton className="h-96 rounded-2xl" />}
      {data && operationsOf(data).map((each) => <Operation key={each.name} operation={each} />)}
    </div>
  );
}

/** A subject in a few words, and as commands. */
function Told({
  strings,
  children,
}: {
  strings: Record<'title' | 'text', string>;
  children: string;
}) {
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="font-serif text-xl">{strings.title}</h2>
      <p className="mb-3 text-ink-soft text-sm">{strings.text}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 text-sm">
        {children}
      </pre>
    </Card>
  );
}
