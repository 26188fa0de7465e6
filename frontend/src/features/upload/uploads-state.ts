/** The queue of files on their way, as a pure function of what happened to them. */
import { ApiError } from '@/api/client';

export type Phase =
  /** Its turn has not come. */
  | 'waiting'
  | 'sending'
  /** The service is busy and said when to come again. */
  | 'held'
  | 'accepted'
  | 'refused';

export interface Item {
  key: number;
  name: string;
  /** Bytes. */
  size: number;
  /** Null for one from before a reload: browsers hand a file out once. */
  file: File | null;
  phase: Phase;
  /** Of the file that has left, 0..1. */
  share: number;
  error: Error | null;
  /** While held: when to try again, milliseconds since the epoch. */
  until: number;
  /** Of the analysis, once it is accepted. */
  id: string | null;
}

export type Action =
  | { type: 'add'; items: Item[] }
  | { type: 'start'; key: number }
  | { type: 'progress'; key: number; share: number }
  | { type: 'accept'; key: number; id: string }
  | { type: 'fail'; key: number; error: Error; now: number }
  | { type: 'retry'; key: number }
  | { type: 'dismiss'; key: number };

/** Codes after which the same request will succeed in a moment. */
const PASSING = new Set(['busy', 'not_ready']);
const DEFAULT_WAIT_SECONDS = 10;

export function newItem(key: number, file: File, maxBytes: number | undefined): Item {
  const tooLarge = maxBytes !== undefined && file.size > maxBytes;
  return {
    key,
    name: file.name,
    size: file.size,
    file,
    phase: tooLarge ? 'refused' : 'waiting',
    share: 0,
    error: tooLarge ? new ApiError('too_large', '', 413) : null,
    until: 0,
    id: null,
  };
}

export function uploads(items: readonly Item[], action: Action): readonly Item[] {
  const change = (key: number, values: Partial<Item>) =>
    items.map((item) => (item.key === key ? { ...item, ...values } : item));
  switch (action.type) {
    case 'add':
      return [...items, ...action.items];
    case 'start':
      return change(action.key, { phase: 'sending', share: 0, error: null });
    case 'progress':
      return change(action.key, { share: action.share });
    case 'accept':
      return change(action.key, { phase: 'accepted', share: 1, id: action.id });
    case 'fail':
      return change(action.key, failed(action.error, action.now));
    case 'retry':
      return change(action.key, { phase: 'waiting', error: null });
    case 'dismiss':
      return items.filter((item) => item.key !== action.key);
  }
}

function failed(error: Error, now: number): Partial<Item> {
  if (error instanceof ApiError && PASSING.has(error.code)) {
    const seconds = error.retryAfter ?? DEFAULT_WAIT_SECONDS;
    return { phase: 'held', error, until: now + 1000 * seconds };
  }
  return { phase: 'refused', error };
}

/** What is to be sent next: nothing while something is being sent or held back. */
export function next(items: readonly Item[]): Item | null {
  if (items.some(({ phase }) => phase === 'sending' || phase === 'held')) return null;
  return items.find(({ phase }) => phase === 'waiting') ?? null;
}

/** What a reload does not take away: everything that the service has. */
export function kept(items: readonly Item[]): string {
  const accepted = items.filter(({ id }) => id !== null);
  return JSON.stringify(accepted.map(({ name, size, id }) => ({ name, size, id })));
}

/** The items of before a reload. What is not ours, or damaged, is nothing. */
export function restored(text: string | null): Item[] {
  try {
    const told: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(told) ? told.filter(isKept).map(accepted) : [];
  } catch {
    return [];
  }
}

type Kept = Pick<Item, 'name' | 'size'> & { id: string };

function isKept(told: Partial<Kept> | null): told is Kept {
  return (
    typeof told?.name === 'string' && typeof told.size === 'number' && typeof told.id === 'string'
  );
}

/** Negative keys: those of new files count up from one. */
function accepted({ name, size, id }: Kept, index: number): Item {
  const rest = { share: 1, error: null, until: 0, phase: 'accepted' as const };
  return { key: -1 - index, name, size, id, file: null, ...rest };
}
