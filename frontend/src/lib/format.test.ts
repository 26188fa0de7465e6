import { expect, test } from 'vitest';
import { bytes, clock, percent, spent } from './format';

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
