import { expect, test } from 'vitest';
import type { AnalysisEvent } from '@/api/types';
import { numbered, update } from '@/testing/fixtures';
import { apply, NO_RUN, type Run } from './run';

const play = (events: AnalysisEvent[], from: Run = NO_RUN) => events.reduce(apply, from);

test('keeps the last update of every stage and the number of the last event', () => {
  const run = play(
    numbered([
      { kind: 'queued', data: { stageName: 'Queued' } },
      { kind: 'started', data: { run: 1 } },
      { kind: 'stage', data: update('gate', { state: 'running', percent: 40 }) },
      { kind: 'stage', data: update('gate', { state: 'done' }) },
    ]),
  );
  expect(run.seq).toBe(4);
  expect(run.stages.gate?.state).toBe('done');
  expect(run.ended).toBeNull();
});

test('progress never falls', () => {
  const run = play(
    numbered([
      { kind: 'stage', data: update('faces', { overallPercent: 60 }) },
      { kind: 'stage', data: update('gate', { overallPercent: 40 }) },
    ]),
  );
  expect(run.percent).toBe(60);
});

test('a second run forgets what the first one found', () => {
  const run = play(
    numbered([
      { kind: 'started', data: { run: 1 } },
      { kind: 'stage', data: update('gate') },
      { kind: 'started', data: { run: 2 } },
    ]),
  );
  expect(run.stages).toEqual({});
  expect(run.run).toBe(2);
  expect(run.percent).toBe(50);
});

test.each([
  ['complete', 100],
  ['error', 50],
] as const)('ends as %s at %i percent', (status, percent) => {
  const run = play(
    numbered([
      { kind: 'stage', data: update('gate') },
      { kind: 'end', data: { status } },
    ]),
  );
  expect(run).toMatchObject({ percent, ended: { status } });
});
