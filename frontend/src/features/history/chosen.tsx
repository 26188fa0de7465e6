import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { statusQuery } from '@/api/queries';
import type { AnalysisStatus } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { csv } from '@/lib/csv';
import { download } from '@/lib/download';
import { verdictWords } from '@/lib/verdict';
import { history as strings } from '@/strings';
import { DeleteDialog, type Target } from './delete-dialog';

const COMPARED = 2;

interface ChosenProps {
  ids: readonly string[];
  /** None is chosen any more. */
  onClear: () => void;
}

/** What can be done with the chosen analyses, whether or not the list shows them now. */
export function Chosen({ ids, onClear }: ChosenProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [doomed, setDoomed] = useState<readonly Target[]>([]);
  const all = () => Promise.all(ids.map((id) => client.fetchQuery(statusQuery(id))));
  const save = useMutation({
    mutationFn: async () => download(table(await all()), 'text/csv', 'assay.csv'),
  });
  const doom = useMutation({
    mutationFn: async () =>
      setDoomed((await all()).map(({ analysisId, fileName }) => ({ id: analysisId, fileName }))),
  });
  const error = save.error ?? doom.error;
  return (
    <div className="mt-4">
      <div className="flex flex-wrap items-center gap-2">
        <p aria-live="polite" className="mr-auto text-ink-soft text-sm">
          {ids.length === 0 ? strings.hint : strings.chosen(ids.length)}
        </p>
        {ids.length > 0 && (
          <>
            <Button
              look={ids.length === COMPARED ? 'primary' : 'plain'}
              disabled={ids.length !== COMPARED}
              onClick={() => navigate(`/compare/${ids.join('/')}`)}
            >
              {strings.compare}
            </Button>
            <Button onClick={() => save.mutate()}>{strings.exportChosen}</Button>
            <Button onClick={() => doom.mutate()}>{strings.removeChosen}</Button>
            <Button look="quiet" onClick={onClear}>
              {strings.clear}
            </Button>
          </>
        )}
      </div>
      {error && <Problem error={error} className="mt-4" />}
      <DeleteDialog targets={doomed} onClose={() => setDoomed([])} onDeleted={onClear} />
    </div>
  );
}

/** A line an analysis, for spreadsheets. */
export function table(analyses: readonly AnalysisStatus[]): string {
  return csv([
    strings.columns,
    ...analyses.map(({ result, ...analysis }) => [
      analysis.fileName,
      result ? verdictWords(result) : '',
      result?.probability ?? null,
      result?.reasons.join(' ') ?? '',
      analysis.state,
      analysis.createdAt,
      analysis.sizeBytes,
      analysis.analysisId,
    ]),
  ]);
}
