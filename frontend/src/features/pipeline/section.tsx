import { useQuery } from '@tanstack/react-query';
import { History, X } from 'lucide-react';
import { useState } from 'react';
import type { Connection } from '@/api/follow';
import { stagesQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { Run } from '@/lib/run';
import { pipeline as strings } from '@/strings';
import { Pipeline } from './pipeline';
import { Replay } from './replay';

interface PipelineSectionProps {
  run: Run;
  status: AnalysisStatus | undefined;
  connection: Connection;
}

/** The pipeline with its title: live while it runs, and to be replayed once it has ended. */
export function PipelineSection({ run, status, connection }: PipelineSectionProps) {
  const { data: stages } = useQuery(stagesQuery);
  const [replaying, setReplaying] = useState(false);
  const isOpen = status?.status === 'processing';
  const title = isOpen ? strings.titleLive : strings.title;
  return (
    <section id="pipeline" aria-label={title} className="scroll-mt-14">
      <div className="flex min-h-10 items-center justify-between gap-4">
        <h2 className="font-serif text-2xl">{title}</h2>
        {status && !isOpen && (
          <Button look="quiet" onClick={() => setReplaying(!replaying)}>
            {replaying ? <X size={15} aria-hidden /> : <History size={15} aria-hidden />}
            {replaying ? strings.replay.stop : strings.replay.start}
          </Button>
        )}
      </div>
      {!stages && <Skeleton className="h-96 rounded-2xl" />}
      {stages && replaying && status && <Replay status={status} stages={stages} />}
      {stages && !replaying && (
        <Pipeline stages={stages} run={run} status={status} connection={connection} />
      )}
    </section>
  );
}
