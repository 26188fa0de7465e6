/** The addresses of the page. None is also the API's: /analysis is ours, /analyses is not. */
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { ApiError } from '@/api/client';
import { sessionQuery } from '@/api/queries';
import { ErrorBoundary } from '@/components/error-boundary';
import { Shell } from '@/components/shell';
import { Entrance } from '@/features/session/entrance';
import { FilesAnywhere } from '@/features/upload/files-anywhere';
import { UploadsProvider } from '@/features/upload/uploads-context';

const Home = lazy(() => import('@/routes/home'));
const Analysis = lazy(() => import('@/routes/analysis'));
const Report = lazy(() => import('@/routes/report'));
const History = lazy(() => import('@/routes/history'));
const Compare = lazy(() => import('@/routes/compare'));
const Models = lazy(() => import('@/routes/models'));
const Docs = lazy(() => import('@/routes/docs'));
const Feedback = lazy(() => import('@/routes/feedback'));
const NotFound = lazy(() => import('@/routes/not-found'));

const MOST_RETRIES = 2;

/** What the request itself got wrong does not mend by asking again. */
function shouldRetry(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return failures < MOST_RETRIES && !refused;
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The key has expired or was revoked meanwhile: the entrance finds out, and asks for another.
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'no_key') {
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      }
    },
  }),
  defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } },
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <UploadsProvider>
        <Shell>
          <Entrance>
            <Screens />
            <FilesAnywhere />
          </Entrance>
        </Shell>
      </UploadsProvider>
    </QueryClientProvider>
  );
}

function Screens() {
  const [place] = useLocation();
  return (
    <ErrorBoundary key={place}>
      <Suspense>
        <Switch>
          <Route path="/" component={Home} />
          <Route path="/analysis/:id">{({ id }) => <Analysis key={id} id={id} />}</Route>
          <Route path="/analysis/:id/report">{({ id }) => <Report key={id} id={id} />}</Route>
          <Route path="/history" component={History} />
          <Route path="/compare/:one/:other">
            {({ one, other }) => <Compare ids={[one, other]} />}
          </Route>
          <Route path="/model-cards" component={Models} />
          <Route path="/docs" component={Docs} />
          <Route path="/verdicts-fared" component={Feedback} />
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
