import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { edgesOf, toneOf } from './evidence-scale';

test('the edges of the verdict colour every score', () => {
  const edges = edgesOf(report);
  expect(edges).toEqual({ low: 0.22, high: 0.81 });
  const tones = [0, 0.22, 0.23, 0.8, 0.81, 1].map((score) => toneOf(score, edges));
  expect(tones).toEqual(['real', 'real', 'open', 'open', 'fake', 'fake']);
});

test('where no forgery was found nothing is marked as one', () => {
  expect(toneOf(1, edgesOf({ ...report, verdict: 'Authentic' }))).toBe('open');
});

test('without edges nothing is decided', () => {
  expect(edgesOf({ ...report, fusion: null })).toBeNull();
  expect([0, 0.5, 1].map((score) => toneOf(score, null))).toEqual(['open', 'open', 'open']);
});
