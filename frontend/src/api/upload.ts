/** POST /analyze with progress, which `fetch` cannot tell for what it sends. */
import { offline, problemOf } from './client';
import type { AnalysisStatus } from './types';

export interface UploadOptions {
  signal: AbortSignal;
  /** Called with the share of the file that has left, 0..1. */
  onProgress: (share: number) => void;
}

/** Resolves with the accepted analysis; raises ApiError, or AbortError when aborted. */
export function upload(file: File, { signal, onProgress }: UploadOptions): Promise<AnalysisStatus> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append('file', file, file.name);
    const request = new XMLHttpRequest();
    request.open('POST', '/analyze');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText) as AnalysisStatus);
      else
        reject(
          problemOf(request.status, request.responseText, request.getResponseHeader('Retry-After')),
        );
    };
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
