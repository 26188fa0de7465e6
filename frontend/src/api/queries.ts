/** What can be asked of the service, as TanStack Query options: one factory a resource. */
import { queryOptions } from '@tanstack/react-query';
import { getJson } from './client';
import type { AnalysisStatus, Report, StageInfo } from './types';

export const stagesQuery = queryOptions({
  queryKey: ['stages'],
  queryFn: ({ signal }) => getJson<StageInfo[]>('/stages', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['status', id],
    queryFn: ({ signal }) => getJson<AnalysisStatus>(`/status/${id}`, signal),
  });

/** Evidence does not change once it is there. */
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['report', id],
    queryFn: ({ signal }) => getJson<Report>(`/report/${id}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
