import { expect, test } from 'vitest';
import type { ModelCard } from '@/api/types';
import { bandOf, lineOf, typicalCurves } from './typical-curves';

const spread = { clips: 3, median: [1, null, 0.8], low: [0.9, null, 0.7], high: [1.1, null, 0.9] };
const curves = { offsets: [-0.6, 0, 0.6], matching: spread, mismatched: spread, sources: 2 };

function model(metrics: Record<string, unknown> | null): ModelCard {
  return { name: 'av_sync_head', serve: '', files: {}, parameters: {}, card: null, metrics };
}

test('are those of the model that compares lips and voice', () => {
  expect(typicalCurves([model({ typical_curves: curves })])).toEqual(curves);
});

test.each([
  undefined,
  [],
  [model(null)],
  [model({ typical_curves: 'soon' })],
  [model({ typical_curves: { ...curves, offsets: [0] } })],
  [model({ typical_curves: { ...curves, matching: {} } })],
])('are none where they were not measured: %j', (models) => {
  expect(typicalCurves(models)).toBeNull();
});

test('a shift that nobody saw is left out', () => {
  const same = (value: number) => value;
  expect(lineOf(curves, spread, same, same)).toBe('-0.6,1 0.6,0.8');
  expect(bandOf(curves, spread, same, same)).toBe('-0.6,1.1 0.6,0.9 0.6,0.7 -0.6,0.9');
});
