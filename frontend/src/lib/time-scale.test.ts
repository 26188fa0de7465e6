import { expect, test } from 'vitest';
import { covered, timeScale } from './time-scale';

test('a short media is drawn whole', () => {
  const scale = timeScale(10, [{ start: 4, end: 5 }]);
  expect([0, 2.5, 10].map(scale.place)).toEqual([0, 0.25, 1]);
  expect(scale.time(0.25)).toBeCloseTo(2.5);
  expect(scale.breaks).toEqual([]);
});

test('of a long media only what was examined is drawn, with breaks between', () => {
  const scale = timeScale(3600, [
    { start: 100, end: 104 },
    { start: 3000, end: 3004 },
  ]);
  expect(scale.breaks).toHaveLength(1);
  expect(scale.breaks[0]).toBeCloseTo(0.5);
  expect(scale.place(2000)).toBeLessThan(scale.breaks[0] ?? 0);
  for (const time of [99.5, 102, 104.5, 2999.5, 3003]) {
    expect(scale.time(scale.place(time))).toBeCloseTo(time, 6);
  }
});

test('spans that nearly touch are joined', () => {
  const scale = timeScale(100, [
    { start: 10, end: 12 },
    { start: 14, end: 16 },
  ]);
  expect(scale.breaks).toEqual([]);
});

test('a media without a length does not divide by zero', () => {
  expect(timeScale(0, []).place(0)).toBe(0);
});

test('overlapping spans are counted once', () => {
  expect(
    covered([
      { start: 3, end: 7 },
      { start: 0, end: 4 },
      { start: 9, end: 10 },
    ]),
  ).toBe(8);
  expect(covered([])).toBe(0);
});
