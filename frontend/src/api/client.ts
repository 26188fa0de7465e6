/** Requests to the service, and the one error that they all raise. */
import type { Problem } from './types';

/** What went wrong, by the stable code of the problem. `offline` is ours: nobody answered. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    /** Seconds that the server asks us to wait. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function offline(): ApiError {
  return new ApiError('offline', 'The service does not answer.', 0);
}

/** What the status of an analysis tells us is gone need not be asked for. */
export function gone(): ApiError {
  return new ApiError('gone', 'This is no longer stored.', 410);
}

/** Reads a problem+json body; whatever else answers (a proxy, say) becomes an `internal` error. */
export function problemOf(status: number, body: string, retryAfter: string | null): ApiError {
  const seconds = retryAfter === null ? null : Number.parseInt(retryAfter, 10) || null;
  try {
    const problem = JSON.parse(body) as Partial<Problem> | null;
    if (typeof problem?.code === 'string') {
      return new ApiError(problem.code, problem.detail ?? '', status, seconds);
    }
  } catch {
    // Not JSON: falls through to what the status alone says.
  }
  const code = status === 502 || status === 503 || status === 504 ? 'offline' : 'internal';
  return new ApiError(code, `The service answered with status ${status}.`, status, seconds);
}

/** Fetch that raises ApiError for everything but success. Aborting raises AbortError as usual. */
export async function send(target: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(target, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offline();
  }
  if (!response.ok) {
    throw problemOf(response.status, await response.text(), response.headers.get('Retry-After'));
  }
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await send(path, { signal, headers: { Accept: 'application/json' } });
  return (await response.json()) as T;
}
