import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ApiError, gone } from '@/api/client';
import { reportQuery, stagesQuery, statusQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Another, Heading } from '@/features/analysis/heading';
import { SectionNav } from '@/features/analysis/section-nav';
import { TakeAlong } from '@/features/analysis/take-along';
import { Truth } from '@/features/feedback/truth';
import { FileFacts } from '@/features/file/file-facts';
import { Further } from '@/features/further/further';
import { PipelineSection } from '@/features/pipeline/section';
import { VerdictPanel } from '@/features/verdict/verdict-panel';
import { Why } from '@/features/verdict/why';
import { useRun } from '@/hooks/use-run';
import { useTitle } from '@/hooks/use-title';
import { EdgesContext, edgesOf } from '@/lib/evidence-scale';
import { mayPass } from '@/lib/passing';
import { common } from '@/strings';

const Evidence = lazy(() => import('@/features/evidence/evidence'));

/** `/analysis/{id}`: one analysis, while it runs and afterwards. */
export default function Analysis({ id }: { id: string }) {
  const { data: status, error: statusError } = useQuery(statusQuery(id));
  const { data: stages } = useQuery(stagesQuery);
  const { run, connection, error: streamError } = useRun(id);
  const isComplete = status?.status === 'complete';
  const isExpired = isComplete && !status.reportStored;
  const report = useQuery({ ...reportQuery(id), enabled: isComplete && !isExpired });
  useTitle(status?.fileName);

  const failed = failure(status) ?? statusError ?? streamError;
  if (failed && !status) return <Nothing error={failed} />;
  return (
    <EdgesContext value={report.data ? edgesOf(report.data) : null}>
      <div className="flex flex-col gap-6 pt-4">
        {status ? <Heading status={status} percent={run.percent} /> : <Skeleton className="h-16" />}
        {failed && <Problem error={failed} />}
        {status?.result && (
          <>
            <SectionNav />
            <VerdictPanel result={status.result} report={report.data} />
            <TakeAlong status={status} report={report.data} />
            <Further status={status} report={report.data} />
          </>
        )}
        {isExpired && <Problem error={gone()} />}
        {report.error && (
          <Problem error={report.error}>
            {mayPass(report.error) && (
              <Button onClick={() => void report.refetch()}>{common.retry}</Button>
            )}
          </Problem>
        )}
        {isComplete && !isExpired && report.isPending && <Skeleton className="h-96 rounded-2xl" />}
        {report.data && (
          <Suspense fallback={<Skeleton className="h-96 rounded-2xl" />}>
            <Evidence id={id} report={report.data} />
          </Suspense>
        )}
        {report.data && <Why report={report.data} stages={stages ?? []} />}
        <PipelineSection run={run} status={status} connection={connection} />
        {status && isComplete && <Truth status={status} />}
        {report.data && <FileFacts report={report.data} />}
      </div>
    </EdgesContext>
  );
}

function Nothing({ error }: { error: Error }) {
  return (
    <div className="mx-auto max-w-xl pt-16">
      <Problem error={error} title="h1">
        <Another />
      </Problem>
    </div>
  );
}

/** A failed analysis, told like any other error. */
function failure(status: AnalysisStatus | undefined): ApiError | null {
  if (status?.status !== 'error') return null;
  return new ApiError(status.errorCode ?? 'internal', status.error ?? '', 0);
}
