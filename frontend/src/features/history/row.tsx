import { Trash2 } from 'lucide-react';
import { Checkbox } from 'radix-ui';
import { Link } from 'wouter';
import type { AnalysisStatus } from '@/api/types';
import { Button } from '@/components/ui/button';
import { VerdictTag } from '@/components/verdict-tag';
import { bytes, moment } from '@/lib/format';
import { errorText, history as strings } from '@/strings';
import { Cover } from './cover';

interface RowProps {
  analysis: AnalysisStatus;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
  onDelete: () => void;
}

/** One analysis of the list. */
export function Row({ analysis, chosen, onChoose, onDelete }: RowProps) {
  const { analysisId, fileName, note, sizeBytes, createdAt } = analysis;
  return (
    <li className="relative grid grid-cols-[auto_auto_minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-3 transition-colors hover:bg-paper sm:grid-cols-[auto_auto_minmax(0,1fr)_15rem_auto] sm:px-5">
      <Checkbox.Root
        checked={chosen}
        onCheckedChange={(checked) => onChoose(checked === true)}
        aria-label={strings.select(fileName)}
        className="relative z-10 grid size-5 place-items-center rounded border border-line-strong bg-surface data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Checkbox.Indicator className="text-on-accent">
          <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3">
            <path d="M2 6.5 5 9l5-6" fill="none" stroke="currentColor" strokeWidth="2" />
          </svg>
        </Checkbox.Indicator>
      </Checkbox.Root>
      <Cover analysis={analysis} />
      <div className="min-w-0">
        <Link
          href={`/analysis/${analysisId}`}
          className="block truncate font-medium after:absolute after:inset-0"
        >
          {fileName}
        </Link>
        <p className="text-ink-soft text-sm tabular-nums">
          <time dateTime={createdAt}>{moment(createdAt)}</time> · {bytes(sizeBytes)}
          {lost(analysis)}
        </p>
        {note && <p className="truncate text-ink-soft text-sm italic">{note}</p>}
      </div>
      <div className="col-start-3 row-start-2 sm:col-start-4 sm:row-start-1">
        <Outcome analysis={analysis} />
      </div>
      <Button
        look="quiet"
        className="relative z-10 px-2.5"
        aria-label={strings.removeNamed(fileName)}
        onClick={onDelete}
      >
        <Trash2 size={16} aria-hidden />
      </Button>
    </li>
  );
}

/** What was cleared from the server, if anything: the verdict itself stays. */
function lost({ status, uploadStored, reportStored }: AnalysisStatus): string {
  if (status === 'complete' && !reportStored) return ` · ${strings.expired}`;
  return uploadStored ? '' : ` · ${strings.fileGone}`;
}

function Outcome({ analysis }: { analysis: AnalysisStatus }) {
  const { result, status, state, percent, errorCode, error } = analysis;
  if (result) return <VerdictTag result={result} />;
  if (status === 'error') {
    return (
      <p className="text-danger text-sm">{errorText(errorCode ?? 'internal', error ?? '').title}</p>
    );
  }
  return (
    <p className="text-ink-soft text-sm tabular-nums">
      {state === 'queued' ? strings.queued : strings.running(percent)}
    </p>
  );
}
