import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { DropZone } from '@/features/upload/drop-zone';
import { Sending } from '@/features/upload/sending';
import { useUpload } from '@/features/upload/use-upload';
import { useTitle } from '@/hooks/use-title';
import { common, upload as strings } from '@/strings';

/** `/`: the question, and the place to drop a file. */
export default function Home() {
  useTitle();
  const { state, start, cancel } = useUpload();
  return (
    <div className="mx-auto max-w-3xl pt-8 sm:pt-14">
      <h1 className="text-center font-serif text-5xl tracking-tight sm:text-6xl">
        {strings.title}
      </h1>
      <p className="mx-auto mt-4 mb-10 max-w-xl text-center text-ink-soft text-lg">
        {strings.lead}
      </p>
      <DropZone onFile={start}>
        {state.phase === 'sending' && (
          <Sending file={state.file} share={state.share} onCancel={cancel} />
        )}
      </DropZone>
      {state.phase === 'failed' && (
        <Problem error={state.error} className="mt-4">
          <Button onClick={() => start(state.file)}>{common.retry}</Button>
        </Problem>
      )}
      <Formats />
      <Manners />
    </div>
  );
}

function Formats() {
  return (
    <dl className="mt-4 flex flex-wrap justify-center gap-x-6 gap-y-1 text-ink-faint text-sm">
      {strings.formats.map(([kind, names]) => (
        <div key={kind} className="flex gap-1.5">
          <dt className="font-medium text-ink-soft">{kind}</dt>
          <dd>{names}</dd>
        </div>
      ))}
    </dl>
  );
}

function Manners() {
  return (
    <ul className="mt-20 grid gap-8 border-line border-t pt-8 sm:grid-cols-3">
      {strings.manners.map(([title, body]) => (
        <li key={title}>
          <h2 className="font-serif text-lg">{title}</h2>
          <p className="mt-1 text-ink-soft text-sm">{body}</p>
        </li>
      ))}
    </ul>
  );
}
