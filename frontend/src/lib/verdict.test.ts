import { expect, test } from 'vitest';
import type { Result } from '@/api/types';
import { report, status } from '@/testing/fixtures';
import { adviceOn, answerAsText, strongestReason, verdictWords } from './verdict';

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

test('an answer as text says what the page says, and where it stands', () => {
  const result = status.result;
  if (!result) throw new Error('the example has no result');
  expect(answerAsText('a.mp4', result, 'http://x/analysis/1').split('\n')).toEqual([
    'a.mp4: Deepfake',
    'Probability of a forgery: 96 %',
    'Examined: all 10 s of sound, 8 s of 10 s of picture, 1 of 2 faces',
    result.summary,
    expect.stringContaining('97 % were right'),
    expect.stringMatching(/^Evidence is not proof/),
    'http://x/analysis/1',
  ]);
  const nothing = { ...result, probability: null, coverage: null, reliability: null };
  expect(answerAsText('a.mp4', nothing, '/').split('\n')).toHaveLength(4);
});

test('people read that nothing was found, not that it is authentic', () => {
  expect(verdictWords({ verdict: 'Authentic', reasons: [] })).toBe('No forgery found');
});

test.each([
  ['Deepfake', report.branches.visual?.sentence],
  ['Inconclusive', report.branches.visual?.sentence],
  ['Authentic', report.branches.audio?.sentence],
] as const)('what spoke most for %s is said first', (verdict, sentence) =>
  expect(strongestReason({ ...report, verdict })).toBe(sentence),
);

test('where nothing was weighed there is no strongest reason', () =>
  expect(strongestReason({ ...report, fusion: null })).toBeNull());
