import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Result } from '@/api/types';
import { report, status } from '@/testing/fixtures';
import { VerdictPanel } from './verdict-panel';

const result = status.result as Result;

test('says verdict, how often such a one was right, reasons and what it means', () => {
  render(<VerdictPanel result={result} report={report} />);
  expect(screen.getByText(/^Of 412 such verdicts on media of 23 sources.*97 % were/)).toBeVisible();
  expect(screen.getByText(/Evidence is not proof/)).toBeVisible();
  expect(screen.getByText(/^Examined: all 10 s of sound, 8 s of 10 s of picture/)).toBeVisible();
  expect(screen.getByText('The branches disagree.')).toBeVisible();
  expect(screen.getByText(/^Up to 22 %: no forgery found. From 81 % on: deepfake./)).toBeVisible();
  expect(screen.getByRole('img', { name: 'Probability of a forgery: 96 %' })).toBeVisible();
});

test('authentic is said with its limit', () => {
  const summary = 'What was examined bears no trace of forgery. That does not prove it real.';
  const authentic: Result = {
    ...result,
    verdict: 'Authentic',
    probability: 0.04,
    reliability: null,
    reasons: [],
    summary,
  };
  render(<VerdictPanel result={authentic} report={report} />);
  expect(screen.getByRole('heading', { name: 'No forgery found' })).toBeVisible();
  expect(screen.getByText(/does not prove it real/)).toBeVisible();
  expect(screen.queryByText('Authentic')).toBeNull();
  expect(screen.queryByText('What weakens this verdict')).toBeNull();
});

test('inconclusive is an answer without a share of confidence', () => {
  const summary = 'The evidence does not decide. Treat this as unknown, not as half fake.';
  const open: Result = {
    ...result,
    verdict: 'Inconclusive',
    probability: 0.5,
    reliability: null,
    coverage: null,
    summary,
  };
  render(<VerdictPanel result={open} report={undefined} />);
  expect(screen.getByText(/A better copy or the original may decide it/)).toBeVisible();
  for (const thought of [/does not decide/, /not as half fake/]) {
    expect(screen.getAllByText(thought), 'each thought once').toHaveLength(1);
  }
  expect(screen.queryByText(/confidence|sure/i)).toBeNull();
});

test('nothing to judge has neither scale nor share', () => {
  const nothing: Result = {
    ...result,
    verdict: 'Inconclusive',
    probability: null,
    confidence: 0,
    reliability: null,
    reasons: ['nothing_to_judge', 'no_speech'],
    summary: 'What was examined holds neither a face that could be judged nor speech.',
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
