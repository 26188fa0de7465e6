/** What can be done to an analysis. */
import { send } from './client';
import type { AnalysisStatus, AskedInput, Session, Truth } from './types';

/** Has this browser keep a key, out of reach of any script, and send it with everything. */
export async function signIn(key: string): Promise<Session> {
  return sendJson('POST', '/session', { key });
}

export async function signOut(): Promise<void> {
  await send('/session', { method: 'DELETE' });
}

export async function cancelAnalysis(id: string): Promise<void> {
  await send(`/cancel/${id}`, { method: 'POST' });
}

export async function deleteAnalysis(id: string): Promise<void> {
  await send(`/analyses/${id}`, { method: 'DELETE' });
}

/** Keeps a note in place of the one before; empty takes it away. */
export async function writeNote(id: string, text: string): Promise<AnalysisStatus> {
  return sendJson('PUT', `/analyses/${id}/note`, { text });
}

/** Examines a stored file in another way: a new analysis. */
export async function examineAgain(id: string, asked: AskedInput): Promise<AnalysisStatus> {
  return sendJson('POST', `/analyses/${id}/examinations`, asked);
}

async function sendJson<T>(method: string, path: string, body: object): Promise<T> {
  const response = await send(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** Keeps what a file turned out to be; null takes it back. */
export async function giveFeedback(id: string, truth: Truth | null): Promise<AnalysisStatus> {
  const response = await send(`/feedback/${id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ truth }),
  });
  return (await response.json()) as AnalysisStatus;
}
