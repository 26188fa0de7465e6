import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { Contributions } from './contributions';

test('shows all twelve features by their exact names, and the sum', () => {
  render(<Contributions report={report} />);
  const names = Object.keys(report.features);
  expect(names).toHaveLength(12);
  for (const name of names) expect(screen.getByText(name)).toBeVisible();
  expect(screen.getByText(/\+3\.13 = 96 % probability/)).toBeVisible();
  expect(screen.getByText('9,216')).toBeVisible();
});

test('scores are turned so that high is suspect', () => {
  render(<Contributions report={report} />);
  expect(report.features.sync_prob).toBe(0.65);
  expect(screen.getByText('sync_prob').closest('li')).toHaveTextContent(/^Misfit.*35 %$/);
});

test('a feature that could not be examined says so', () => {
  const features = { ...report.features, sync_prob: null };
  render(<Contributions report={{ ...report, features }} />);
  expect(screen.getByText('sync_prob').closest('li')).toHaveTextContent('not examined');
});

test('without a fusion the values are shown all the same', () => {
  render(<Contributions report={{ ...report, fusion: null }} />);
  expect(screen.getByText(/Nothing could be weighed/)).toBeVisible();
  expect(screen.getByText('visual_prob_max').closest('li')).toHaveTextContent('99 %');
});
