import { ApiError } from '@/api/client';

/** Codes behind which the same request may succeed the next time; what else is wrong stays so. */
const PASSING = new Set([
  'offline',
  'internal',
  'invalid_request', // an upload that was cut off
  'too_slow',
  'busy',
  'not_ready',
  'storage_failed',
  'models_missing',
  'analysis_killed',
]);

/** Whether it makes sense to offer the same again. What is no problem of the service's may pass. */
export function mayPass(error: Error): boolean {
  return !(error instanceof ApiError) || PASSING.has(error.code);
}
