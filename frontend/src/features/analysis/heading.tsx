import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { Link } from 'wouter';
import { cancelAnalysis } from '@/api/actions';
import { statusQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { askedParts } from '@/lib/asked';
import { bytes, moment } from '@/lib/format';
import { pipeline, analysis as strings } from '@/strings';
import { Actions } from './actions';

interface HeadingProps {
  status: AnalysisStatus;
  /** Of the whole analysis, as the events tell it. */
  percent: number;
}

/** Which file this is, how far it is, and what can be done. */
export function Heading({ status, percent }: HeadingProps) {
  const isOpen = status.status === 'processing';
  const facts = [
    bytes(status.sizeBytes),
    moment(status.createdAt),
    status.queuePosition && pipeline.queuePosition(status.queuePosition),
    ...askedParts(status.asked),
    status.cached && strings.cached,
  ];
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="break-words font-serif text-3xl tracking-tight">{status.fileName}</h1>
          <p className="text-ink-soft text-sm tabular-nums">{facts.filter(Boolean).join(' · ')}</p>
        </div>
        <div className="flex gap-2">
          {isOpen ? <Cancel id={status.analysisId} /> : <Another />}
          <Actions status={status} />
        </div>
      </div>
      {isOpen && <Progress value={percent} label={pipeline.overall} className="mt-4" />}
    </div>
  );
}

function Cancel({ id }: { id: string }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => cancelAnalysis(id),
    onSettled: () => client.invalidateQueries({ queryKey: statusQuery(id).queryKey }),
  });
  return (
    <>
      {error && <Problem error={error} />}
      <Button disabled={isPending} onClick={() => mutate()}>
        <Square size={13} aria-hidden />
        {strings.cancel}
      </Button>
    </>
  );
}

export function Another() {
  return (
    <Button asChild>
      <Link href="/">{strings.another}</Link>
    </Button>
  );
}
