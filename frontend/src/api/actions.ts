/** What can be done to an analysis. */
import { send } from './client';
import type { AnalysisStatus } from './types';

export async function cancelAnalysis(id: string): Promise<void> {
  await send(`/cancel/${id}`, { method: 'POST' });
}

export async function deleteAnalysis(id: string): Promise<void> {
  await send(`/analyses/${id}`, { method: 'DELETE' });
}

/** Keeps a note in place of the one before; empty takes it away. */
export async function writeNote(id: string, text: string): Promise<AnalysisStatus> {
  const response = await send(`/analyses/${id}/note`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text }),
  });
  return (await response.json()) as AnalysisStatus;
}
