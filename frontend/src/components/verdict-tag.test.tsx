import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { VerdictTag } from './verdict-tag';

test('a verdict stands with its probability', () => {
  render(<VerdictTag result={{ verdict: 'Deepfake', probability: 0.97, reasons: [] }} />);
  expect(screen.getByText('Deepfake')).toBeVisible();
  expect(screen.getByText('probability 97 %')).toBeVisible();
});

test('where nothing was judged there is no probability', () => {
  const nothing = { verdict: 'Inconclusive', probability: null } as const;
  render(<VerdictTag result={{ ...nothing, reasons: ['nothing_to_judge', 'no_face'] }} />);
  expect(screen.getByText('Nothing to judge')).toBeVisible();
  expect(screen.queryByText(/probability/)).toBeNull();
});

test('what failed is inconclusive, without a probability', () => {
  render(<VerdictTag result={{ verdict: 'Inconclusive', probability: null, reasons: [] }} />);
  expect(screen.getByText('Inconclusive')).toBeVisible();
  expect(screen.queryByText(/probability/)).toBeNull();
});
