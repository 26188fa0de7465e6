import { reportUrl, SIGNING_KEY_URL, signatureUrl } from '@/lib/links';
import { analysis } from '@/strings';

const strings = analysis.signed;

/** What a report can be handed on with, so that others can check it; the files as commands name them. */
export function Signed({ id }: { id: string }) {
  const files = [
    [strings.report, reportUrl(id), 'report.json'],
    [strings.signature, signatureUrl(id), 'signature.json'],
    [strings.key, SIGNING_KEY_URL, 'key.pem'],
  ] as const;
  return (
    <details className="mt-2 text-sm">
      <summary className="cursor-pointer">{strings.title}</summary>
      <p className="mt-2 text-ink-soft">{strings.lead}</p>
      <ul className="my-2 flex flex-wrap gap-x-4">
        {files.map(([name, url, file]) => (
          <li key={file}>
            <a href={url} download={file} className="underline underline-offset-2">
              {name}
            </a>
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3">
        assay verify report.json signature.json --key key.pem
      </pre>
    </details>
  );
}
