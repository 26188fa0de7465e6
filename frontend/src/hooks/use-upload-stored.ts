import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { statusQuery } from '@/api/queries';

/**
 * Whether the service still has the file of an analysis.
 *
 * Files are cleared while people look on: a player that fails has the service asked again.
 */
export function useUploadStored(id: string, broken: boolean): boolean {
  const client = useQueryClient();
  const { data: status } = useQuery(statusQuery(id));
  useEffect(() => {
    if (broken) void client.invalidateQueries({ queryKey: statusQuery(id).queryKey });
  }, [client, id, broken]);
  return status?.uploadStored ?? true;
}
