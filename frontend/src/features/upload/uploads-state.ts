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
  file: File;
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
