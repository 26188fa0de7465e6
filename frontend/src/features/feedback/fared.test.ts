import { expect, test } from 'vitest';
import { decided, filesOf } from './fared';

const counts = [
  { verdict: 'Deepfake', truth: 'fake', files: 5 },
  { verdict: 'Deepfake', truth: 'real', files: 1 },
  { verdict: 'Authentic', truth: 'real', files: 7 },
  { verdict: 'Authentic', truth: 'unsure', files: 2 },
  { verdict: 'Inconclusive', truth: 'fake', files: 9 },
  { verdict: null, truth: 'real', files: 3 },
] as const;

test('only what was decided and is known counts as right or wrong', () => {
  expect(decided([...counts])).toEqual({ wrong: 1, of: 13 });
  expect(decided([])).toEqual({ wrong: 0, of: 0 });
});

test('what was never seen is none', () => {
  expect(filesOf([...counts], null, 'real')).toBe(3);
  expect(filesOf([...counts], 'Authentic', 'fake')).toBe(0);
});
