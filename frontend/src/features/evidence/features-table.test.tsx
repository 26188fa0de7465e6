import { render, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { FeaturesTable } from './features-table';

test('lists all twelve in their order, by label and by name', () => {
  render(<FeaturesTable features={report.features} />);
  const names = screen.getAllByRole('rowheader').map((each) => within(each).getByText(/_/));
  expect(names.map((each) => each.textContent)).toEqual(Object.keys(report.features));
});

test('tells absent from low, and counts from scores', () => {
  render(<FeaturesTable features={{ ...report.features, audio_prob_fake: null }} />);
  const row = (name: RegExp) => within(screen.getByRole('row', { name }));
  expect(row(/^Voice/).getByText('not examined')).toBeVisible();
  expect(row(/^Patches examined/).getByText('9,216')).toBeVisible();
  expect(row(/^Lips and voice in sync/).getByText('65 %')).toBeVisible();
});
