/** One upload at a time: idle, on its way, or failed. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { statusQuery } from '@/api/queries';
import { upload } from '@/api/upload';

export type UploadState =
  | { phase: 'idle' }
  | { phase: 'sending'; file: File; share: number }
  | { phase: 'failed'; file: File; error: Error };

export interface Upload {
  state: UploadState;
  /** Sends the file and, once it is accepted, shows its analysis. */
  start: (file: File) => void;
  cancel: () => void;
}

export function useUpload(): Upload {
  const [state, setState] = useState<UploadState>({ phase: 'idle' });
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const leave = useRef<AbortController | null>(null);

  const start = async (file: File) => {
    leave.current = new AbortController();
    setState({ phase: 'sending', file, share: 0 });
    try {
      const status = await upload(file, {
        signal: leave.current.signal,
        onProgress: (share) => setState({ phase: 'sending', file, share }),
      });
      client.setQueryData(statusQuery(status.analysisId).queryKey, status);
      navigate(`/analysis/${status.analysisId}`);
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      setState(error.name === 'AbortError' ? { phase: 'idle' } : { phase: 'failed', file, error });
    }
  };

  return { state, start: (file) => void start(file), cancel: () => leave.current?.abort() };
}
