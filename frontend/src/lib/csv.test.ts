import { expect, test } from 'vitest';
import { csv } from './csv';

test('rows become lines, nothing becomes nothing', () => {
  const rows = [
    ['file', 'probability'],
    ['a.mp4', 0.5],
    ['b.mp4', null],
  ];
  expect(csv(rows)).toBe('file,probability\r\na.mp4,0.5\r\nb.mp4,\r\n');
  expect(csv([])).toBe('');
});

test.each([
  ['a,b.mp4', '"a,b.mp4"'],
  ['say "x".mp4', '"say ""x"".mp4"'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+1.mp4', "'+1.mp4"],
  ['-1.mp4', "'-1.mp4"],
  ['@a.mp4', "'@a.mp4"],
])('a hostile name stays a name: %s', (name, cell) => {
  expect(csv([[name]])).toBe(`${cell}\r\n`);
});

test('numbers are no formulas', () => {
  expect(csv([[-1]])).toBe('-1\r\n');
});
