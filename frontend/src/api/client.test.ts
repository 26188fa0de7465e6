import { expect, test } from 'vitest';
import { problemOf } from './client';

test('takes code, sentence and waiting time from a problem', () => {
  const error = problemOf(503, '{"code":"busy","detail":"Try later."}', '15');
  expect(error).toMatchObject({ code: 'busy', message: 'Try later.', status: 503, retryAfter: 15 });
});

test.each([
  [502, 'offline'],
  [503, 'offline'],
  [500, 'internal'],
  [418, 'internal'],
])('status %i without a problem is %s', (status, code) => {
  expect(problemOf(status, '<html>proxy</html>', null).code).toBe(code);
});

test('JSON that is no problem is no problem', () => {
  expect(problemOf(500, 'null', null).code).toBe('internal');
});
