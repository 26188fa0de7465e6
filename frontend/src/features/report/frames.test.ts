import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { framesToShow } from './frames';

const frames = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ time: index / 2, picture: `frame-${index}.jpg` }));

test.each([0, 1, 6])('%i pictures are all shown', (count) =>
  expect(framesToShow({ ...report, frames: frames(count) })).toHaveLength(count),
);

test('of many, the first, the last and the one that counted most are among six', () => {
  const shown = framesToShow({ ...report, frames: frames(16) });
  expect(shown).toHaveLength(6);
  // The face of the fixture scores highest at 1.5 s.
  for (const time of [0, 1.5, 7.5]) expect(shown.map((frame) => frame.time)).toContain(time);
  expect(shown).toEqual([...shown].sort((one, other) => one.time - other.time));
});
