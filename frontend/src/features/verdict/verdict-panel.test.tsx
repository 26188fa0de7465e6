import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Result } from '@/api/types';
import { report, status } from '@/testing/fixtures';
import { VerdictPanel } from './verdict-panel';

const result = status.result as Result;

test('says verdict, confidence in words, reasons and what it means', () => {
  render(<VerdictPanel result={result} report={report} />);
  expect(screen.getByText('Very high confidence, 96 %')).toBeVisible();
  expect(screen.getByText(/strong evidence, not proof/)).toBeVisible();
  expect(screen.getByText('The branches disagree.')).toBeVisible();
  expect(screen.getByText('Evidence of a forgery: very strong')).toBeVisible();
  expect(screen.getByRole('img', { name: 'Probability of a forgery: 96 %' })).toBeVisible();
});

test('authentic is said with its limit', () => {
  const authentic = { ...result, verdict: 'Authentic', probability: 0.04, reasons: [] } as Result;
  render(<VerdictPanel result={authentic} report={report} />);
  expect(screen.getByText(/Absence of evidence is no proof/)).toBeVisible();
  expect(screen.getByText('Evidence of a forgery: weak')).toBeVisible();
  expect(screen.queryByText('What weakens this verdict')).toBeNull();
});

test('inconclusive is an answer without a share of confidence', () => {
  const open = { ...result, verdict: 'Inconclusive', probability: 0.5 } as Result;
  render(<VerdictPanel result={open} report={undefined} />);
  expect(screen.getByText('The evidence does not decide')).toBeVisible();
  expect(screen.getByText(/unknown, not as half fake/)).toBeVisible();
});
