import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ApiError } from '@/api/client';
import { reportQuery, stagesQuery, statusQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Progress } from '@/components/ui/progress';
import { Skeleton } from '@/components/ui/skeleton';
import { FeaturesTable } from '@/features/evidence/features-table';
import { Pipeline } from '@/features/pipeline/pipeline';
import { VerdictPanel } from '@/features/verdict/verdict-panel';
import { useRun } from '@/hooks/use-run';
import { useTitle } from '@/hooks/use-title';
import { bytes } from '@/lib/format';
import { evidence, pipeline, analysis as strings } from '@/strings';

/** `/analysis/{id}`: one analysis, while it runs and afterwards. */
export default function Analysis({ id }: { id: string }) {
  const status = useQuery(statusQuery(id));
  const stages = useQuery(stagesQuery);
  const { run, connection, error } = useRun(id);
  const isComplete = status.data?.status === 'complete';
  const report = useQuery({ ...reportQuery(id), enabled: isComplete });
  useTitle(status.data?.fileName);

  const failed = status.error ?? error ?? failure(status.data);
  if (failed && !status.data) {
    return (
      <div className="mx-auto max-w-xl pt-16">
        <Problem error={failed} title="h1">
          <Another />
        </Problem>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-6 pt-4">
      {status.data ? (
        <Heading status={status.data} percent={run.percent} />
      ) : (
        <Skeleton className="h-16" />
      )}
      {failed && (
        <Problem error={failed}>
          <Another />
        </Problem>
      )}
      {status.data?.result && <VerdictPanel result={status.data.result} report={report.data} />}
      <section aria-label={isComplete ? pipeline.title : pipeline.titleLive}>
        <h2 className="font-serif text-2xl">{isComplete ? pipeline.title : pipeline.titleLive}</h2>
        {stages.data ? (
          <Pipeline stages={stages.data} run={run} status={status.data} connection={connection} />
        ) : (
          <Skeleton className="h-96" />
        )}
      </section>
      {report.data && (
        <Card className="p-6 sm:p-8">
          <h2 className="font-serif text-2xl">{evidence.featuresTitle}</h2>
          <p className="mt-1 mb-5 max-w-2xl text-ink-soft">{evidence.featuresLead}</p>
          <FeaturesTable features={report.data.features} />
        </Card>
      )}
    </div>
  );
}

function Heading({ status, percent }: { status: AnalysisStatus; percent: number }) {
  const isOpen = status.status === 'processing';
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h1 className="truncate font-serif text-3xl tracking-tight">{status.fileName}</h1>
          <p className="text-ink-soft text-sm tabular-nums">
            {bytes(status.sizeBytes)}
            {status.queuePosition ? ` · ${pipeline.queuePosition(status.queuePosition)}` : ''}
            {status.cached ? ` · ${strings.cached}` : ''}
          </p>
        </div>
        {!isOpen && <Another />}
      </div>
      {isOpen && <Progress value={percent} label={pipeline.overall} className="mt-4" />}
    </div>
  );
}

function Another() {
  return (
    <Button asChild>
      <Link href="/">{strings.another}</Link>
    </Button>
  );
}

/** A failed analysis, told like any other error. */
function failure(status: AnalysisStatus | undefined): ApiError | null {
  if (status?.status !== 'error') return null;
  return new ApiError(status.errorCode ?? 'internal', status.error ?? '', 0);
}
