/** What can be done to an analysis. */
import { send } from './client';

export async function cancelAnalysis(id: string): Promise<void> {
  await send(`/cancel/${id}`, { method: 'POST' });
}

export async function deleteAnalysis(id: string): Promise<void> {
  await send(`/analyses/${id}`, { method: 'DELETE' });
}
