/** The one place that listens: event stream in, query cache out. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '@/api/client';
import { type Connection, follow } from '@/api/follow';
import { statusQuery } from '@/api/queries';
import { apply, NO_RUN, type Run } from '@/lib/run';

export const runKey = (id: string) => ['run', id] as const;

export interface LiveRun {
  run: Run;
  connection: Connection;
  /** Set when the service says that there is nothing to follow. */
  error: ApiError | null;
}

/** Follows an analysis while the component is on screen; resumes behind what the cache holds. */
export function useRun(id: string): LiveRun {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [error, setError] = useState<ApiError | null>(null);
  const { data: run = NO_RUN } = useQuery<Run>({
    queryKey: runKey(id),
    queryFn: skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  });

  useEffect(() => {
    const leave = new AbortController();
    const known = client.getQueryData<Run>(runKey(id)) ?? NO_RUN;
    if (known.ended) return;
    setError(null);
    follow(id, {
      after: known.seq,
      signal: leave.signal,
      onConnection: setConnection,
      onEvent: (event) => {
        client.setQueryData<Run>(runKey(id), (before = NO_RUN) => apply(before, event));
        if (event.kind === 'started' || event.kind === 'end') {
          void client.invalidateQueries({ queryKey: statusQuery(id).queryKey });
        }
      },
    }).catch((reason: unknown) => {
      if (reason instanceof ApiError) setError(reason);
      else throw reason;
    });
    return () => leave.abort();
  }, [client, id]);

  return { run, connection, error };
}
