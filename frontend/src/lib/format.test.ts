import { expect, test } from 'vitest';
import { bytes, clock, exactClock, percent, rounded, signed, spent } from './format';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1530, '1.5 kB'],
  [2_412_345, '2.4 MB'],
  [536_870_912, '537 MB'],
  [4e12, '4000 GB'],
])('%d bytes', (count, told) => expect(bytes(count)).toBe(told));

test.each([
  [0.2, '<1 ms'],
  [38.4, '38 ms'],
  [999.7, '1.0 s'],
  [1240, '1.2 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('%d ms', (ms, told) => expect(spent(ms)).toBe(told));

test.each([
  [7.9, '0:07'],
  [61, '1:01'],
  [3723, '1:02:03'],
])('%d s', (seconds, told) => expect(clock(seconds)).toBe(told));

test.each([
  [0, 0],
  [0.001, 1],
  [0.958, 96],
  [0.9999, 99],
  [1, 100],
])('a share of %d', (share, told) => expect(percent(share)).toBe(told));

test.each([
  [0, '0:00.0'],
  [2.39, '0:02.3'],
  [4.1, '0:04.1'],
  [3661.96, '1:01:01.9'],
])('%d s, exactly', (seconds, told) => expect(exactClock(seconds)).toBe(told));

test.each([
  [0.414, '+0.41'],
  [-2.1, '−2.10'],
  [0, '0.00'],
  [-0.001, '0.00'],
])('%d with its sign', (value, told) => expect(signed(value)).toBe(told));

test('one decimal at most', () =>
  expect([25, 29.97, 0.04].map(rounded)).toEqual(['25', '30', '0']));
