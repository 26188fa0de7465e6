import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { limitsQuery } from '@/api/queries';
import { DropZone } from '@/features/upload/drop-zone';
import { Queue } from '@/features/upload/queue';
import { Samples } from '@/features/upload/samples';
import { useUploads } from '@/features/upload/uploads-context';
import { useTitle } from '@/hooks/use-title';
import { bytes } from '@/lib/format';
import { upload as strings } from '@/strings';

/** `/`: the question, and the place to drop files. */
export default function Home() {
  useTitle();
  const { add } = useUploads();
  useOpenSingle();
  return (
    <div className="mx-auto max-w-3xl pt-8 sm:pt-12">
      <h1 className="text-center font-serif text-5xl tracking-tight sm:text-6xl">
        {strings.title}
      </h1>
      <p className="mx-auto mt-4 mb-10 max-w-xl text-center text-ink-soft text-lg">
        {strings.lead}
      </p>
      <DropZone onFiles={add} />
      <Formats />
      <Queue />
      <Samples onFiles={add} />
      <Manners />
    </div>
  );
}

/** A file that comes alone is what people want to see: its analysis opens by itself. */
function useOpenSingle(): void {
  const { items, dismiss } = useUploads();
  const [, navigate] = useLocation();
  const single = items.length === 1 ? items[0] : undefined;
  useEffect(() => {
    // One from before a reload has been seen.
    if (!single?.id || !single.file) return;
    dismiss(single.key);
    navigate(`/analysis/${single.id}`);
  }, [single, dismiss, navigate]);
}

function Formats() {
  const { data: limits } = useQuery(limitsQuery);
  return (
    <div className="mt-4 text-center text-ink-faint text-sm">
      <dl className="flex flex-wrap justify-center gap-x-5 gap-y-1">
        {strings.formats.map(([kind, names]) => (
          <div key={kind} className="flex gap-1.5">
            <dt className="font-medium text-ink-soft">{kind}</dt>
            <dd>{names}</dd>
          </div>
        ))}
      </dl>
      {limits && <p className="mt-1">{strings.limit(bytes(limits.maxUploadBytes))}</p>}
    </div>
  );
}

function Manners() {
  return (
    <ul className="mt-10 grid gap-8 pt-2 sm:grid-cols-3">
      {strings.manners.map(([title, body]) => (
        <li key={title}>
          <h2 className="font-serif text-lg">{title}</h2>
          <p className="mt-1 text-ink-soft text-sm">{body}</p>
        </li>
      ))}
    </ul>
  );
}
