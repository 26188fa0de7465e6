/** Analyses for tests whose subject is what comes after them. The same file answers from the cache. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { inject } from 'vitest';
import type { AnalysisStatus } from '@/api/types';

/** A file of e2e/media.py by its name, or any by its path. */
export const mediaFile = (name: string) => resolve(inject('media'), name);

/** Submits a file under a name; does not wait. `full` switches the early exit off. */
export async function submit(
  file: string,
  name = basename(file),
  address = inject('address'),
  full = false,
): Promise<AnalysisStatus> {
  const form = new FormData();
  form.append('file', new Blob([await readFile(mediaFile(file))]), name);
  const response = await fetch(`${address}/analyze?full=${full}`, { method: 'POST', body: form });
  if (response.status !== 202) throw new Error(await response.text());
  return (await response.json()) as AnalysisStatus;
}

/** Submits a file and waits for its end. */
export async function analysed(
  file: string,
  name = basename(file),
  address = inject('address'),
  full = false,
): Promise<AnalysisStatus> {
  let status = await submit(file, name, address, full);
  while (status.status === 'processing') {
    const response = await fetch(`${address}/status/${status.analysisId}?wait=20`);
    status = (await response.json()) as AnalysisStatus;
  }
  return status;
}
