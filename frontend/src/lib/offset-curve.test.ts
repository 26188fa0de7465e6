import { expect, test } from 'vitest';
import { across, down } from './offset-curve';

test('shifts lie evenly between the edges, none in the middle', () => {
  expect([-0.6, 0, 0.3, 0.6].map(across)).toEqual([0, 0.5, 0.75, 1]);
});

test('a good fit lies deep, whatever the rest of the curve', () => {
  expect(down(0)).toBe(1);
  expect(down(0.8)).toBeCloseTo(0.5);
  expect(down(1.6)).toBe(0);
});

test('what is beyond the edges stays on them', () => {
  expect([across(-3), across(3), down(2), down(-0.1)]).toEqual([0, 1, 0, 1]);
});
