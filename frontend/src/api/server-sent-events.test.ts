import { expect, test } from 'vitest';
import { parseEvents, type ServerSentEvent } from './server-sent-events';

function body(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of parseEvents(stream)) events.push(event);
  return events;
}

const all = (...chunks: string[]) => collect(body(...chunks));

test('reads name, id and data', async () => {
  expect(await all('event: stage\nid: 7\ndata: {"a":1}\n\n')).toEqual([
    { id: '7', event: 'stage', data: '{"a":1}' },
  ]);
});

test('puts events together from any chunks, a split character included', async () => {
  const bytes = new TextEncoder().encode('event: stage\r\nid: 1\r\ndata: é\r\n\r\n');
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  expect(await collect(stream)).toEqual([{ id: '1', event: 'stage', data: 'é' }]);
});

test('passes over comments and fields it does not know', async () => {
  expect(await all(': alive\n\nretry: 1000\n\nfoo: 1\ndata: x\n\n')).toEqual([
    { id: '', event: 'message', data: 'x' },
  ]);
});

test('joins the lines of one event and keeps the id for the next', async () => {
  expect(await all('id: 3\ndata: a\ndata: b\n\ndata: c\n\n')).toEqual([
    { id: '3', event: 'message', data: 'a\nb' },
    { id: '3', event: 'message', data: 'c' },
  ]);
});

test('drops an event that the end of the stream cuts off', async () => {
  expect(await all('data: whole\n\ndata: cut')).toEqual([
    { id: '', event: 'message', data: 'whole' },
  ]);
});
