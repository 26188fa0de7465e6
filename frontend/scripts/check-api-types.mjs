// Fails when src/api/generated is not what backend/openapi.json generates.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const file = 'types.gen.ts';
const fresh = mkdtempSync(join(tmpdir(), 'assay-api-types-'));
try {
  execFileSync('npx', ['--no-install', 'openapi-ts', '--output', fresh, '--silent']);
  const committed = readFileSync(join('src/api/generated', file), 'utf8');
  if (readFileSync(join(fresh, file), 'utf8') !== committed) {
    console.error('src/api/generated is out of date: run `npm run api-types` and commit it.');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}
