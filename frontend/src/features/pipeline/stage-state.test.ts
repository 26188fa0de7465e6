import { expect, test } from 'vitest';
import { apply, NO_RUN } from '@/lib/run';
import { numbered, status, update } from '@/testing/fixtures';
import { shown } from './stage-state';

const run = (values: Parameters<typeof update>[1]) =>
  numbered([{ kind: 'stage', data: update('visual', values) }]).reduce(apply, NO_RUN);

test('whether a stage was spared is told by the event, whatever its reason says', () => {
  const spared = run({ state: 'skipped', spared: true, reason: 'Nicht nötig.' });
  const absent = run({ state: 'skipped', spared: false, reason: 'Early exit is not why.' });
  expect(shown('visual', spared, undefined).spared).toBe(true);
  expect(shown('visual', absent, undefined).spared).toBe(false);
});

test('the status tells it before the events arrive', () => {
  const stages = status.stages.map((stage) =>
    stage.stage === 'visual' ? { ...stage, state: 'skipped' as const, spared: true } : stage,
  );
  expect(shown('visual', NO_RUN, { ...status, stages }).spared).toBe(true);
  expect(shown('gate', NO_RUN, { ...status, stages }).spared).toBe(false);
});

test('events recorded before it was told count as not spared', () => {
  const { spared: _, ...old } = update('visual', { state: 'skipped' });
  const before = numbered([{ kind: 'stage', data: old }]).reduce(apply, NO_RUN);
  expect(shown('visual', before, undefined).spared).toBe(false);
});
