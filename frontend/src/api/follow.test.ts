// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ID, update } from '@/testing/fixtures';
import { ApiError } from './client';
import { type Connection, follow } from './follow';
import type { AnalysisEvent } from './types';

const encoder = new TextEncoder();

/** A response that sends these events and then closes, or breaks. */
function stream(events: [number, string, unknown][], breaks = false): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const [id, event, data] of events) {
        controller.enqueue(
          encoder.encode(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`),
        );
      }
      if (!breaks) controller.close();
    },
    pull(controller) {
      if (breaks) controller.error(new TypeError('connection reset'));
    },
  });
  return new Response(body);
}

const fetcher = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetcher);
});
afterEach(() => {
  fetcher.mockReset();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function followed(after = 0) {
  const events: AnalysisEvent[] = [];
  const connections: Connection[] = [];
  const done = follow(ID, {
    after,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    onConnection: (connection) => connections.push(connection),
  });
  done.catch(() => undefined);
  await vi.runAllTimersAsync();
  await done;
  return { events, connections };
}

function sentHeader(call: number): string | null {
  const request = fetcher.mock.calls[call]?.[0];
  return request instanceof Request ? request.headers.get('Last-Event-ID') : null;
}

const end: [number, string, unknown] = [3, 'end', { status: 'complete' }];

test('ends with the end event and does not connect again', async () => {
  fetcher.mockResolvedValueOnce(stream([[1, 'queued', {}], [2, 'stage', update('gate')], end]));
  const { events } = await followed();
  expect(events.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, 'queued'],
    [2, 'stage'],
    [3, 'end'],
  ]);
  expect(fetcher).toHaveBeenCalledTimes(1);
  expect(sentHeader(0)).toBeNull();
});

test('a cut stream is resumed behind the last event, and nothing is told twice', async () => {
  fetcher
    .mockResolvedValueOnce(
      stream(
        [
          [1, 'queued', {}],
          [2, 'stage', update('gate')],
        ],
        true,
      ),
    )
    .mockRejectedValueOnce(new TypeError('network'))
    .mockResolvedValueOnce(stream([[2, 'stage', update('gate')], end]));
  const { events, connections } = await followed();
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect([sentHeader(1), sentHeader(2)]).toEqual(['2', '2']);
  expect(connections).toEqual(['connecting', 'live', 'lost', 'lost', 'live']);
});

test('events come in any pieces and between comments, and half of one is none', async () => {
  const told = 'retry: 1000\n: assay\n\n: ping\n\nevent: queued\nid: 1\ndata: {"name":"é"}\n\n';
  const bytes = encoder.encode(`${told}event: end\nid: 2\ndata: {"status"`);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  fetcher.mockResolvedValueOnce(new Response(pieces)).mockResolvedValueOnce(stream([end]));
  const { events } = await followed();
  expect(events).toEqual([
    { seq: 1, kind: 'queued', data: { name: 'é' } },
    { seq: 3, kind: 'end', data: { status: 'complete' } },
  ]);
  expect(sentHeader(1)).toBe('1');
});

test('a connection that falls silent is given up and opened again', async () => {
  fetcher
    .mockImplementationOnce(async (request) => {
      const { signal } = request as Request;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    })
    .mockResolvedValueOnce(stream([end]));
  const { connections } = await followed();
  expect(connections).toEqual(['connecting', 'live', 'lost', 'live']);
});

test('resumes behind what is already known', async () => {
  fetcher.mockResolvedValueOnce(stream([end]));
  await followed(2);
  expect(sentHeader(0)).toBe('2');
});

test('an end without a number, of a deleted analysis, still ends', async () => {
  const body = 'event: end\ndata: {"status":"error","errorCode":"not_found"}\n\n';
  fetcher.mockResolvedValueOnce(new Response(body));
  const { events } = await followed(5);
  expect(events).toHaveLength(1);
});

test('events of kinds that a later version may add are passed over', async () => {
  fetcher.mockResolvedValueOnce(stream([[1, 'weather', {}], end]));
  expect((await followed()).events.map(({ kind }) => kind)).toEqual(['end']);
});

test('gives up when the service says that there is no such analysis', async () => {
  fetcher.mockResolvedValueOnce(
    new Response(JSON.stringify({ code: 'not_found', detail: 'No.' }), { status: 404 }),
  );
  await expect(followed()).rejects.toBeInstanceOf(ApiError);
  expect(fetcher).toHaveBeenCalledTimes(1);
});

test('keeps trying while the service is busy or restarting', async () => {
  fetcher
    .mockResolvedValueOnce(new Response('', { status: 503 }))
    .mockResolvedValueOnce(stream([end]));
  expect((await followed()).events).toHaveLength(1);
});
