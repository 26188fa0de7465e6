import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operationsOf } from './operations';

const api = JSON.parse(readFileSync('../backend/openapi.json', 'utf8'));

test('every path of the service is described', () => {
  const operations = operationsOf(api);
  const names = operations.map(({ name }) => name);
  expect(names).toContain('POST /analyze');
  expect(names).toContain('PUT /analyses/{analysis_id}/note');
  expect(new Set(names).size).toBe(names.length);
  for (const path of Object.keys(api.paths)) {
    expect(names.some((name) => name.endsWith(` ${path}`))).toBe(true);
  }
  expect(operations.every(({ text, answers }) => text && answers.length > 0)).toBe(true);
});
