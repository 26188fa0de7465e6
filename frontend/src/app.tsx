/** The addresses of the page. None is also the API's: those of one analysis are singular. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ApiError } from '@/api/client';
import { Shell } from '@/components/shell';

const Home = lazy(() => import('@/routes/home'));
const Analysis = lazy(() => import('@/routes/analysis'));
const NotFound = lazy(() => import('@/routes/not-found'));

const MOST_RETRIES = 2;

/** What the request itself got wrong does not mend by asking again. */
function shouldRetry(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return failures < MOST_RETRIES && !refused;
}

const client = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } },
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Shell>
        <Suspense>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/analysis/:id">{({ id }) => <Analysis key={id} id={id} />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Shell>
    </QueryClientProvider>
  );
}
