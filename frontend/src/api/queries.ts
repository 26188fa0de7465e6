/** What can be asked of the service, as TanStack Query options: one factory a resource. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { OpenApi } from '@/features/docs/operations';
import { artefactUrl } from '@/lib/links';
import { getJson } from './client';
import type {
  AnalysisPage,
  AnalysisStatus,
  FeedbackRecord,
  Limits,
  ModelCard,
  Report,
  Session,
  StageInfo,
} from './types';

const FOR_EVER = Number.POSITIVE_INFINITY;
/** Between two looks at analyses that nobody follows by events. */
const WATCH_MS = 1500;

/** Whether a key is needed here, and which one this browser has sent. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getJson<Session>('/session', signal),
  staleTime: FOR_EVER,
});

export const stagesQuery = queryOptions({
  queryKey: ['stages'],
  queryFn: ({ signal }) => getJson<StageInfo[]>('/stages', signal),
  staleTime: FOR_EVER,
});

export const limitsQuery = queryOptions({
  queryKey: ['limits'],
  queryFn: ({ signal }) => getJson<Limits>('/limits', signal),
  staleTime: FOR_EVER,
});

export const openapiQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: ({ signal }) => getJson<OpenApi>('/openapi.json', signal),
  staleTime: FOR_EVER,
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => getJson<ModelCard[]>('/models', signal),
  staleTime: FOR_EVER,
});

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['status', id],
    queryFn: ({ signal }) => getJson<AnalysisStatus>(`/status/${id}`, signal),
  });

/** All analyses of the same file, this one among them, newest first. */
export const examinationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['examinations', id],
    queryFn: ({ signal }) => getJson<AnalysisPage>(`/analyses/${id}/examinations`, signal),
  });

export const feedbackQuery = queryOptions({
  queryKey: ['feedback'],
  queryFn: ({ signal }) => getJson<FeedbackRecord>('/feedback', signal),
});

/** A status that asks again until the analysis has ended: for lists. */
export const watchedStatusQuery = (id: string) =>
  queryOptions({
    ...statusQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? WATCH_MS : false),
  });

/** Evidence does not change once it is there. */
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['report', id],
    queryFn: ({ signal }) => getJson<Report>(`/report/${id}`, signal),
    staleTime: FOR_EVER,
  });

/** A JSON artefact that a report names. */
export const artefactQuery = <T>(id: string, name: string) =>
  queryOptions({
    queryKey: ['artefact', id, name],
    queryFn: ({ signal }) => getJson<T>(artefactUrl(id, name), signal),
    staleTime: FOR_EVER,
  });

/** What the list of analyses shall hold; what is empty is not asked for. */
export interface Wanted {
  /** In file names, notes and verdicts. */
  q: string;
  verdict: string;
  kind: string;
  order: string;
}

/** The analyses that are wanted, page by page. */
export const analysesQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ['analyses', wanted],
    queryFn: ({ signal, pageParam }) => {
      const told = Object.entries({ limit: '25', ...wanted, cursor: pageParam });
      const asked = new URLSearchParams(told.filter(([, value]) => value));
      return getJson<AnalysisPage>(`/analyses?${asked}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => item.status === 'processing'))
        ? WATCH_MS
        : false,
  });
