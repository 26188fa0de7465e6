import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Result } from '@/api/types';
import { report, status } from '@/testing/fixtures';
import { VerdictPanel } from './verdict-panel';

const result = status.result as Result;

test('says verdict, confidence in words, reasons and what it means', () => {
  render(<VerdictPanel result={result} report={report} />);
  expect(screen.getByText('Very high confidence, 96 %')).toBeVisible();
  expect(screen.getByText(/Evidence is not proof/)).toBeVisible();
  expect(screen.getByText('The branches disagree.')).toBeVisible();
  expect(screen.getByText('Evidence of a forgery: very strong')).toBeVisible();
  expect(screen.getByRole('img', { name: 'Probability of a forgery: 96 %' })).toBeVisible();
});

test('authentic is said with its limit', () => {
  const summary =
    'We found no convincing trace of forgery. Absence of evidence is no proof of authenticity.';
  const authentic: Result = {
    ...result,
    verdict: 'Authentic',
    probability: 0.04,
    reasons: [],
    summary,
  };
  render(<VerdictPanel result={authentic} report={report} />);
  expect(screen.getByText(/Absence of evidence is no proof/)).toBeVisible();
  expect(screen.getByText('Evidence of a forgery: weak')).toBeVisible();
  expect(screen.queryByText('What weakens this verdict')).toBeNull();
});

test('inconclusive is an answer without a share of confidence', () => {
  const summary = 'The evidence does not decide. Treat this as unknown, not as half fake.';
  const open: Result = { ...result, verdict: 'Inconclusive', probability: 0.5, summary };
  render(<VerdictPanel result={open} report={undefined} />);
  expect(screen.getByText(/a better copy or the original may decide it/)).toBeVisible();
  for (const thought of [/does not decide/, /not as half fake/]) {
    expect(screen.getAllByText(thought), 'each thought once').toHaveLength(1);
  }
  expect(screen.queryByText(/confidence/i)).toBeNull();
});

test('nothing to judge has neither scale nor share', () => {
  const nothing: Result = {
    ...result,
    verdict: 'Inconclusive',
    probability: null,
    confidence: 0,
    reasons: ['nothing_to_judge', 'no_speech'],
    summary: 'There is neither a face nor speech in what was examined.',
  };
  render(<VerdictPanel result={nothing} report={undefined} />);
  expect(screen.getByRole('heading', { name: 'Nothing to judge' })).toBeVisible();
  expect(screen.getByText('Why there is nothing to judge')).toBeVisible();
  expect(screen.getByText('Too little speech.')).toBeVisible();
  expect(screen.queryByRole('img')).toBeNull();
  expect(screen.queryByText(/%|better copy|Inconclusive/)).toBeNull();
});

test('an early exit is told', () => {
  render(<VerdictPanel result={{ ...result, earlyExit: true }} report={report} />);
  expect(screen.getByText(/heavy visual branches were skipped/)).toBeVisible();
});
