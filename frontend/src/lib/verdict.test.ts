import { expect, test } from 'vitest';
import type { Reason, Result, Verdict } from '@/api/types';
import { verdict as strings } from '@/strings';
import { report, status } from '@/testing/fixtures';
import { adviceOn, answerAsText, strongestReason, verdictWords } from './verdict';

const open = {
  verdict: 'Inconclusive',
  reasons: [],
  coverage: null,
  probability: 0.5,
} satisfies Partial<Result>;
const twoHours = { sound: { examined: 30, of: 7200 }, picture: null, people: null };

test.each<[Parameters<typeof adviceOn>[0], RegExp]>([
  [open, /^A better copy or the original/],
  [{ ...open, reasons: ['too_short'] }, /^A longer excerpt/],
  [{ ...open, reasons: ['low_resolution'] }, /higher resolution/],
  [{ ...open, coverage: twoHours }, /^Only parts of it were examined/],
  [{ ...open, reasons: ['nothing_to_judge'], coverage: twoHours }, /^If somebody is to be seen/],
  [{ ...open, reasons: ['too_short'], probability: null }, /^Have it examined again/],
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

/** All pairs of reasons, with every verdict, partly or wholly examined, weighed or not. */
const REASONS = Object.keys(strings.reasons) as Reason[];
const answers = (Object.keys(strings.words) as Verdict[]).flatMap((verdict) =>
  REASONS.flatMap((one) => REASONS.map((other) => [...new Set([one, other])])).flatMap((reasons) =>
    [null, twoHours].flatMap((coverage) =>
      [null, 0.5].map((probability) => ({ verdict, reasons, coverage, probability })),
    ),
  ),
);

test('no combination of an answer contradicts itself', () => {
  for (const answer of answers) {
    const [headline, advice] = [verdictWords(answer), adviceOn(answer)];
    const nothing = answer.reasons.includes('nothing_to_judge');
    const state = JSON.stringify(answer);
    expect(headline === strings.nothing, state).toBe(nothing);
    expect(advice === strings.nothingAdvice, state).toBe(nothing);
    // "May decide it" is said of what is open, and only where something was weighed.
    const open = !nothing && answer.probability !== null && answer.verdict === 'Inconclusive';
    if (/may decide it/.test(advice)) expect(open, state).toBe(true);
    if (answer.probability === null) expect(advice, state).not.toMatch(/Evidence|traces/);
  }
});
