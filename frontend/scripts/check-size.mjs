// Fails the build when what the first view loads outgrows its budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 200;
const DIST = 'dist';
/** The page itself, and the chunk of the route that `/` shows. */
const FIRST_VIEW = ['index.html', 'src/routes/home.tsx'];
/** Fonts are split by script, and browsers fetch the parts they need; here, these. */
const FONTS = /-latin-(wght|500)-normal-.*\.woff2$/;

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));
const files = new Set(['index.html', 'theme.js']);

function collect(key) {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const asset of chunk.assets ?? []) if (FONTS.test(asset)) files.add(asset);
  for (const imported of chunk.imports ?? []) collect(imported);
}
FIRST_VIEW.forEach(collect);

let total = 0;
for (const file of files) {
  const bytes = gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  first view, gzip; ${BUDGET_KB} allowed`);
if (total > BUDGET_KB * 1024) {
  console.error('The first view is too heavy: split code, or drop some.');
  process.exitCode = 1;
}
