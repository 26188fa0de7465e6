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

test('lanes of a thorough examination tell theirs too', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const sweep = {
    looked: 3,
    step: 1,
    pictures: [
      { time: 1, faces: 2, score: 0.4, box },
      { time: 2, faces: 1, score: 0.6, box },
    ],
    voice: [{ start: 1, end: 3, score: 0.2 }],
    highest: [],
    coverage: { sound: null, picture: null, people: null },
  };
  const thorough = { ...report, persons: [], branches: {}, timeline: [], hints: null, sweep };
  expect(valuesAt(thorough, 1.4)).toEqual(['Faces, all of it 40 %', 'Voice, all of it 20 %']);
  expect(valuesAt(thorough, 1.8)).toEqual(['Faces, all of it 60 %', 'Voice, all of it 20 %']);
  expect(valuesAt(thorough, 4)).toEqual([]);
});

test('a moment that nobody examined says so', () => {
  const bare = { ...report, persons: [], branches: {}, timeline: [], hints: null };
  expect(momentInWords(bare, 61)).toBe('1:01.0 · Nothing was examined at this moment.');
});
