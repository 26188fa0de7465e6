import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { common } from '@/strings';

/** Says so when the machine has lost its network. */
export function OfflineNote() {
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="mb-2 flex items-center gap-2.5 rounded-xl bg-open-wash px-4 py-2.5 text-sm">
          <WifiOff size={16} aria-hidden className="shrink-0" />
          {common.offline}
        </p>
      )}
    </div>
  );
}

function watch(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}
