import { expect, test } from 'vitest';
import { numbered, update } from '@/testing/fixtures';
import { timesOf } from './use-replay';

test('times count from the last start and never fall', () => {
  const events = numbered([
    { kind: 'queued', data: { atMs: 0 } },
    { kind: 'started', data: { atMs: 100, run: 1 } },
    { kind: 'started', data: { atMs: 5000, run: 2 } },
    { kind: 'stage', data: update('ingest', { atMs: 5300 }) },
    // An answer from the cache carries the time of the later submission.
    { kind: 'end', data: { atMs: 12, status: 'complete' } },
  ]);
  expect(timesOf(events).map(({ at }) => at)).toEqual([0, 0, 0, 300, 300]);
});

test('no events, no times', () => expect(timesOf([])).toEqual([]));
