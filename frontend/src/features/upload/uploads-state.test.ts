import { expect, test } from 'vitest';
import { ApiError } from '@/api/client';
import { type Item, kept, newItem, next, restored, uploads } from './uploads-state';

const file = (name: string, size = 4) => new File(['x'.repeat(size)], name);
const items = (): readonly Item[] =>
  uploads([], {
    type: 'add',
    items: [newItem(1, file('a.mp4'), 100), newItem(2, file('b.mp4'), 100)],
  });

test('files are sent one after the other', () => {
  let queue = items();
  expect(next(queue)?.key).toBe(1);
  queue = uploads(queue, { type: 'start', key: 1 });
  expect(next(queue)).toBeNull();
  queue = uploads(queue, { type: 'progress', key: 1, share: 0.5 });
  expect(queue[0]?.share).toBe(0.5);
  queue = uploads(queue, { type: 'accept', key: 1, id: 'analysis' });
  expect(queue[0]).toMatchObject({ phase: 'accepted', id: 'analysis' });
  expect(next(queue)?.key).toBe(2);
});

test('a file over the limit is refused before it is sent', () => {
  const item = newItem(1, file('long.mp4', 101), 100);
  expect(item.phase).toBe('refused');
  expect(item.error).toMatchObject({ code: 'too_large' });
  expect(next([item])).toBeNull();
});

test('a busy service holds the queue back for as long as it asks', () => {
  const error = new ApiError('busy', '', 503, 7);
  const queue = uploads(items(), { type: 'fail', key: 1, error, now: 1000 });
  expect(queue[0]).toMatchObject({ phase: 'held', until: 8000 });
  expect(next(queue)).toBeNull();
  expect(next(uploads(queue, { type: 'retry', key: 1 }))?.key).toBe(1);
});

test('a refused file waits for a person, and the others go on', () => {
  const error = new ApiError('not_media', '', 415);
  const queue = uploads(items(), { type: 'fail', key: 1, error, now: 0 });
  expect(queue[0]).toMatchObject({ phase: 'refused', error });
  expect(next(queue)?.key).toBe(2);
});

test('what was dismissed is gone, and late news of it change nothing', () => {
  const queue = uploads(items(), { type: 'dismiss', key: 1 });
  expect(queue.map(({ key }) => key)).toEqual([2]);
  expect(uploads(queue, { type: 'accept', key: 1, id: 'late' })).toEqual(queue);
});

test('what the service has taken survives a reload, and nothing is sent again', () => {
  let queue = items();
  queue = uploads(queue, { type: 'accept', key: 1, id: 'analysis' });
  const later = restored(kept(queue));
  expect(later).toMatchObject([{ name: 'a.mp4', size: 4, id: 'analysis', phase: 'accepted' }]);
  expect(later[0]?.file).toBeNull();
  expect(next(later)).toBeNull();
  expect(new Set([...later, ...items()].map(({ key }) => key)).size).toBe(3);
});

test.each([null, '', '{', '7', '{}', '[null, 1, {"name": 1}, {"name": "x", "size": 1}]'])(
  'what %s says is nothing to restore',
  (text) => expect(restored(text)).toEqual([]),
);
