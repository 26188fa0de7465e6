/** Follows an analysis's event stream to its end, through lost connections. */
import { ApiError, send } from './client';
import { createSseClient, type StreamEvent } from './generated/core/serverSentEvents.gen';
import type { AnalysisEvent } from './types';

export type Connection = 'connecting' | 'live' | 'lost';

export interface FollowOptions {
  /** Sequence number of the last event that is already known; 0 starts at the beginning. */
  after: number;
  signal: AbortSignal;
  onEvent: (event: AnalysisEvent) => void;
  onConnection: (connection: Connection) => void;
}

const KINDS: ReadonlySet<string> = new Set(['queued', 'started', 'stage', 'end']);
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** The server sends a sign of life every 15 s; a connection silent for longer is dead. */
const SILENCE_MS = 40_000;

/**
 * Resolves after the `end` event or when aborted.
 *
 * A connection that breaks is opened again behind the last event received, so none is lost and none
 * is told twice. Raises ApiError when the service says that it will not get better (404, say).
 */
export async function follow(id: string, options: FollowOptions): Promise<void> {
  const { signal, onEvent, onConnection } = options;
  let last = options.after;
  let failures = 0;
  onConnection('connecting');
  while (!signal.aborted) {
    try {
      for await (const sent of connect(id, last, signal, () => onConnection('live'))) {
        failures = 0;
        const event = decode(sent);
        if (event === null) continue;
        // Only the end may come without a number: when the analysis was deleted meanwhile.
        if (event.kind !== 'end' && event.seq <= last) continue;
        last = Math.max(last, event.seq);
        onEvent(event);
        if (event.kind === 'end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) throw error;
    }
    if (signal.aborted) return;
    onConnection('lost');
    await pause(Math.min(FIRST_DELAY_MS * 2 ** failures++, LONGEST_DELAY_MS), signal);
  }
}

/** One connection, until it closes. Raises what broke it, or ApiError where there was none. */
async function* connect(
  id: string,
  after: number,
  outer: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<StreamEvent> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      controller.enqueue(chunk);
    },
  });
  const open = async (request: RequestInfo | URL) => {
    const response = await send(request);
    onOpen();
    return new Response(response.body?.pipeThrough(heard));
  };
  let sent: StreamEvent = { data: undefined };
  let failure: unknown;
  const { stream } = createSseClient({
    url: new URL(`/events/${id}`, window.location.origin).href,
    headers: {
      Accept: 'text/event-stream',
      ...(after > 0 && { 'Last-Event-ID': String(after) }),
    },
    cache: 'no-store',
    signal: AbortSignal.any([outer, silence.signal]),
    fetch: open,
    onSseEvent: (event) => {
      sent = event;
    },
    onSseError: (error) => {
      failure = error;
    },
    // It would also try again what will not get better: `follow` knows better.
    sseMaxRetryAttempts: 1,
  });
  try {
    for await (const _ of stream) yield sent;
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
  if (failure) throw failure;
}

/** An event as the API types it, or null for kinds of a later version. */
function decode({ id, event, data }: StreamEvent): AnalysisEvent | null {
  if (event === undefined || !KINDS.has(event)) return null;
  return { seq: Number.parseInt(id ?? '', 10) || 0, kind: event, data } as AnalysisEvent;
}

/** Waits, but not longer than until the machine is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
