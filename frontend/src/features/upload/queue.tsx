import { upload as strings } from '@/strings';
import { QueueItem } from './queue-item';
import { useUploads } from './uploads-context';

/** The files of this visit: on their way, running, finished. */
export function Queue() {
  const { items } = useUploads();
  if (items.length === 0) return null;
  return (
    <ul
      aria-label={strings.queue}
      className="mt-4 divide-y divide-line rounded-2xl border border-line bg-surface"
    >
      {items.map((item) => (
        <QueueItem key={item.key} item={item} />
      ))}
    </ul>
  );
}
