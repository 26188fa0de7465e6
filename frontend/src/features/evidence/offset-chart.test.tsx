import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { modelsQuery } from '@/api/queries';
import type { ModelCard, OffsetCurve } from '@/api/types';
import { report } from '@/testing/fixtures';
import { OffsetChart } from './offset-chart';

const curve = report.branches.av_sync?.offsetCurve as OffsetCurve;
const spread = { clips: 53, median: [1, 0.8, 1], low: [0.9, 0.7, 0.9], high: [1.1, 0.9, 1.1] };
const typical_curves = {
  offsets: [-0.6, 0, 0.6],
  matching: spread,
  mismatched: { ...spread, clips: 50 },
  sources: 7,
};

function show(metrics: ModelCard['metrics']) {
  const client = new QueryClient();
  const model = { name: 'av_sync_head', serve: '', files: {}, parameters: {}, card: null, metrics };
  client.setQueryData(modelsQuery.queryKey, [model]);
  render(
    <QueryClientProvider client={client}>
      <OffsetChart curve={curve} sentence="Lips and voice fit." />
    </QueryClientProvider>,
  );
}

test('the curve stands before typical ones, and says what they are of', () => {
  show({ typical_curves });
  expect(screen.getByText('This file')).toBeVisible();
  expect(screen.getByText('Typical of lips and voice that fit (53 real clips)')).toBeVisible();
  expect(screen.getByText('Typical of a foreign voice (50 clips)')).toBeVisible();
  expect(screen.getByText(/clips of 7 sources that nothing had learned from/)).toBeVisible();
});

test('without measured ones it stands alone', () => {
  show({});
  expect(screen.queryByText(/Typical of/)).toBeNull();
  expect(screen.getByText('Lips and voice fit.')).toBeVisible();
});
