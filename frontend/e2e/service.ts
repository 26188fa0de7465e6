/** Before the tests: make media, start the service in a folder of its own. Afterwards: remove both. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the service listens. */
    address: string;
    /** Folder with the files of e2e/media.py. */
    media: string;
  }
}

const ROOT = resolve(import.meta.dirname, '../..');
/** The environment that `make setup` builds, or another that holds the same. */
const BIN = process.env.ASSAY_BIN ?? join(ROOT, '.venv/bin');
const READY_WITHIN_MS = 90_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-e2e-'));
  const media = join(folder, 'media');
  execFileSync(join(BIN, 'python'), [join(import.meta.dirname, 'media.py'), media], {
    env: { ...process.env, PYTHONPATH: join(ROOT, 'backend') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const port = await freePort();
  const service = spawn(join(BIN, 'assay'), ['serve', '--port', String(port)], {
    env: {
      ...process.env,
      ASSAY_DATA_DIR: join(folder, 'data'),
      ASSAY_MAX_UPLOAD_BYTES: '20000000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const output of [service.stdout, service.stderr]) output.on('data', (text) => (log += text));
  const stopped = new Promise<void>((done) => service.once('exit', () => done()));
  const stop = async () => {
    service.kill('SIGTERM');
    await stopped;
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  try {
    await answers(`${address}/livez`, () => service.exitCode === null);
  } catch (error) {
    await stop();
    throw new Error(`The service did not start:\n${log}`, { cause: error });
  }
  project.provide('address', address);
  project.provide('media', media);
  return stop;
}

async function answers(url: string, isAlive: () => boolean): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && isAlive()) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`${url} does not answer`);
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
