import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Link } from 'wouter';
import { ApiError } from '@/api/client';
import { watchedStatusQuery } from '@/api/queries';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { VerdictTag } from '@/components/verdict-tag';
import { bytes } from '@/lib/format';
import { mayPass } from '@/lib/passing';
import { common, errorText, upload as strings } from '@/strings';
import { useUploads } from './uploads-context';
import type { Item } from './uploads-state';

/** One file, from waiting to verdict. */
export function QueueItem({ item }: { item: Item }) {
  const { dismiss, retry } = useUploads();
  const mayRetry = item.phase === 'refused' && item.error !== null && mayPass(item.error);
  const isOpen = item.phase !== 'accepted' && item.phase !== 'refused';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium">{item.name}</p>
        <State item={item} />
      </div>
      {mayRetry && <Button onClick={() => retry(item.key)}>{common.retry}</Button>}
      {item.id && (
        <Button asChild>
          <Link href={`/analysis/${item.id}`}>{strings.open}</Link>
        </Button>
      )}
      <Button
        look="quiet"
        className="px-2.5"
        onClick={() => dismiss(item.key)}
        aria-label={isOpen ? strings.cancelNamed(item.name) : strings.dismiss(item.name)}
      >
        <X size={16} aria-hidden />
      </Button>
    </li>
  );
}

function State({ item }: { item: Item }) {
  const { phase, name, size, share, error, id } = item;
  if (id) return <Analysed id={id} />;
  if (phase === 'sending') {
    const told = share < 1 ? strings.sent(bytes(share * size), bytes(size)) : strings.received;
    return (
      <>
        <p className="text-ink-soft text-sm tabular-nums">{told}</p>
        <Progress value={100 * share} label={strings.sending(name)} className="mt-1.5" />
      </>
    );
  }
  if (error) {
    const { title, advice } = errorText(
      error instanceof ApiError ? error.code : 'internal',
      error.message,
    );
    return (
      <p role="alert" className="text-ink-soft text-sm">
        <span className="font-medium text-danger">{title}.</span>{' '}
        {phase === 'held' ? strings.held : advice}
      </p>
    );
  }
  return <p className="text-ink-soft text-sm">{strings.waiting}</p>;
}

/** What becomes of a file that the service has taken. */
function Analysed({ id }: { id: string }) {
  const { data: status, error } = useQuery(watchedStatusQuery(id));
  if (error instanceof ApiError && error.code === 'gone') {
    return <p className="text-ink-soft text-sm">{errorText(error.code, error.message).title}</p>;
  }
  if (!status) return <p className="text-ink-soft text-sm">{strings.received}</p>;
  if (status.result) return <VerdictTag result={status.result} />;
  if (status.status === 'error') {
    const { title } = errorText(status.errorCode ?? 'internal', status.error ?? '');
    return <p className="text-danger text-sm">{title}</p>;
  }
  return (
    <>
      <p className="text-ink-soft text-sm tabular-nums">{strings.running(status.percent)}</p>
      <Progress value={status.percent} label={strings.running(status.percent)} className="mt-1.5" />
    </>
  );
}
