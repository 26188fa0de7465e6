import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { momentInWords, valuesAt } from './values';

test('every lane tells its value at a moment, and which shot it is', () => {
  expect(valuesAt(report, 0.5)).toEqual([
    'Shot 1 of 2',
    'Faces 89 %',
    'Gate 71 %',
    'Faces over time 71 %',
    'Voice 12 %',
    'Sound 40 ms late',
  ]);
});

test('where windows lie over each other the higher one counts, and a cut begins a shot', () => {
  const told = valuesAt(report, 6.5);
  expect(told).toContain('Shot 2 of 2');
  expect(told).toContain('Voice 22 %');
  expect(told).not.toContain('Sound 40 ms late');
});

test('a moment that nobody examined says so', () => {
  const bare = { ...report, persons: [], branches: {}, timeline: [], hints: null };
  expect(momentInWords(bare, 61)).toBe('1:01.0 · Nothing was examined at this moment.');
});
