import { expect, test } from 'vitest';
import type { Result } from '@/api/types';
import { adviceOn, verdictWords } from './verdict';

const open = { verdict: 'Inconclusive', reasons: [], coverage: null } satisfies Partial<Result>;
const twoHours = { sound: { examined: 30, of: 7200 }, picture: null, people: null };

test.each<[Pick<Result, 'verdict' | 'reasons' | 'coverage'>, RegExp]>([
  [open, /^A better copy or the original/],
  [{ ...open, reasons: ['too_short'] }, /^A longer excerpt/],
  [{ ...open, reasons: ['low_resolution'] }, /higher resolution/],
  [{ ...open, coverage: twoHours }, /^Only parts of it were examined/],
  [{ ...open, reasons: ['nothing_to_judge'], coverage: twoHours }, /^If somebody is to be seen/],
  [{ ...open, verdict: 'Deepfake', coverage: twoHours }, /^Evidence is not proof/],
])('advice fits the file: %#', (answer, words) => {
  expect(adviceOn(answer)).toMatch(words);
});

test('people read that nothing was found, not that it is authentic', () => {
  expect(verdictWords({ verdict: 'Authentic', reasons: [] })).toBe('No forgery found');
});
