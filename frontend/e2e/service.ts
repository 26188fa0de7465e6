/** Before the tests: make media, start the service in a folder of its own. Afterwards: remove both. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the service listens. */
    address: string;
    /** Where the service keeps what it was sent and what it made. */
    data: string;
    /** Folder with the files of e2e/media.py. */
    media: string;
  }
}

export interface Service {
  address: string;
  stop: () => Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');
/** The environment that `make setup` builds, or another that holds the same. */
export const BIN = process.env.ASSAY_BIN ?? join(ROOT, '.venv/bin');
const READY_WITHIN_MS = 300_000;

export const MODELS = process.env.ASSAY_MODELS_DIR ?? join(ROOT, 'models');
/** Without any models, only what needs no verdict is tested. */
export const hasModels = existsSync(join(MODELS, 'fusion'));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-e2e-'));
  const media = join(folder, 'media');
  execFileSync(join(BIN, 'python'), [join(import.meta.dirname, 'media.py'), media], {
    env: { ...process.env, PYTHONPATH: join(ROOT, 'backend') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const data = join(folder, 'data');
  const service = await startService(data);
  project.provide('address', service.address);
  project.provide('data', data);
  project.provide('media', media);
  return async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** `assay serve` on a port that is free, with its data in a folder of its own. */
export async function startService(data: string, models = MODELS): Promise<Service> {
  const port = await freePort();
  const child = spawn(join(BIN, 'assay'), ['serve', '--port', String(port)], {
    env: {
      ...process.env,
      ASSAY_DATA_DIR: data,
      ASSAY_MODELS_DIR: models,
      ASSAY_MAX_UPLOAD_BYTES: '20000000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (text) => (log += text));
  const stopped = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    child.kill('SIGTERM');
    await stopped;
  };
  const address = `http://127.0.0.1:${port}`;
  try {
    await answers(`${address}/livez`, () => child.exitCode === null);
  } catch (error) {
    await stop();
    throw new Error(`The service did not start:\n${log}`, { cause: error });
  }
  return { address, stop };
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
