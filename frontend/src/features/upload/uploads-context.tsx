/** Uploads go on while people look at other screens, so they live above the routes. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useRef,
} from 'react';
import { limitsQuery, statusQuery } from '@/api/queries';
import { upload } from '@/api/upload';
import { type Item, kept, newItem, next, restored, uploads } from './uploads-state';

/** Of the tab's own store: another tab has files of its own. */
const KEY = 'assay-uploads';

interface Uploads {
  items: readonly Item[];
  add: (files: readonly File[]) => void;
  retry: (key: number) => void;
  /** Takes an item off the list, and stops it if it is being sent. */
  dismiss: (key: number) => void;
}

const Context = createContext<Uploads | null>(null);

export function useUploads(): Uploads {
  const uploads = useContext(Context);
  if (!uploads) throw new Error('useUploads needs an UploadsProvider');
  return uploads;
}

export function UploadsProvider({ children }: { children: ReactNode }) {
  const [items, dispatch] = useReducer(uploads, [], () => restored(read()));
  const client = useQueryClient();
  const { data: limits } = useQuery(limitsQuery);
  const lastKey = useRef(0);
  const leaving = useRef(new Map<number, AbortController>());

  const due = next(items);
  useEffect(() => {
    if (!due?.file) return;
    const { key, file } = due;
    const leave = new AbortController();
    leaving.current.set(key, leave);
    dispatch({ type: 'start', key });
    upload(file, {
      signal: leave.signal,
      onProgress: (share) => dispatch({ type: 'progress', key, share }),
    })
      .then((status) => {
        client.setQueryData(statusQuery(status.analysisId).queryKey, status);
        void client.invalidateQueries({ queryKey: ['analyses'] });
        dispatch({ type: 'accept', key, id: status.analysisId });
      })
      .catch((error: Error) => {
        if (error.name !== 'AbortError') dispatch({ type: 'fail', key, error, now: Date.now() });
      })
      .finally(() => leaving.current.delete(key));
  }, [due, client]);

  const held = items.find(({ phase }) => phase === 'held');
  useEffect(() => {
    if (!held) return;
    const wait = Math.max(0, held.until - Date.now());
    const timer = setTimeout(() => dispatch({ type: 'retry', key: held.key }), wait);
    return () => clearTimeout(timer);
  }, [held]);

  useEffect(() => write(kept(items)), [items]);

  const isSending = items.some(({ phase }) => phase === 'sending');
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isSending]);

  const value = useMemo<Uploads>(
    () => ({
      items,
      add: (files) =>
        dispatch({
          type: 'add',
          items: files.map((file) => newItem(++lastKey.current, file, limits?.maxUploadBytes)),
        }),
      retry: (key) => dispatch({ type: 'retry', key }),
      dismiss: (key) => {
        leaving.current.get(key)?.abort();
        dispatch({ type: 'dismiss', key });
      },
    }),
    [items, limits],
  );
  return <Context value={value}>{children}</Context>;
}

/** Storage may be forbidden; the list then lasts until the page is left. */
function read(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function write(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // As above.
  }
}
