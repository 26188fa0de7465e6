import { expect, test } from 'vitest';
import { coverageLine, isPartial, uncovered } from './coverage';

const whole = { examined: 10, of: 10.2 };

test('a long video in parts, and what is left of it', () => {
  const coverage = {
    sound: { examined: 30, of: 3600 },
    picture: { examined: 8, of: 28 },
    people: { examined: 3, of: 6 },
  };
  expect(coverageLine(coverage)).toBe(
    'Examined: 30 s of 60 min of sound, 8 s of 28 s of picture, 3 of 6 faces',
  );
  expect(uncovered(coverage)).toEqual(['60 min of the sound', '20 s of the picture']);
  expect(isPartial(coverage)).toBe(true);
});

test.each([
  [
    { sound: whole, picture: whole, people: { examined: 1, of: 1 } },
    'all 10 s of sound, all 10 s of picture, 1 of 1 face',
  ],
  [{ sound: null, picture: null, people: { examined: 0, of: 0 } }, 'no face was found'],
  [{ sound: { examined: 4.25, of: null }, picture: null, people: null }, '4.3 s of sound'],
  [{ sound: null, picture: null, people: { examined: 0, of: 2 } }, '0 of 2 faces'],
])('only what there is is told: %#', (coverage, words) => {
  expect(coverageLine(coverage)).toBe(`Examined: ${words}`);
  expect(uncovered(coverage)).toEqual([]);
  expect(isPartial(coverage)).toBe(false);
});
