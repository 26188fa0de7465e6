// Fails when src/api/generated is not what backend/openapi.json generates.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMITTED = 'src/api/generated';
const fresh = mkdtempSync(join(tmpdir(), 'assay-api-types-'));
try {
  execFileSync('npx', ['--no-install', 'openapi-ts', '--output', fresh, '--silent']);
  const stale = readdirSync(COMMITTED, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const other = file.replace(COMMITTED, fresh);
      return !existsSync(other) || !readFileSync(file).equals(readFileSync(other));
    });
  if (stale.length > 0) {
    console.error(`${stale.join(', ')}: out of date; run \`npm run api-types\` and commit it.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}
