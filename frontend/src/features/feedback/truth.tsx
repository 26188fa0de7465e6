import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { giveFeedback } from '@/api/actions';
import { feedbackQuery, statusQuery } from '@/api/queries';
import type { AnalysisStatus, Truth as Told } from '@/api/types';
import { Problem } from '@/components/problem';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { feedback as strings } from '@/strings';

const TRUTHS: readonly Told[] = ['real', 'fake', 'unsure'];

/** The question what the file turned out to be, and what was told. */
export function Truth({ status }: { status: AnalysisStatus }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (truth: Told | null) => giveFeedback(status.analysisId, truth),
    onSuccess: (told) => {
      client.setQueryData(statusQuery(status.analysisId).queryKey, told);
      void client.invalidateQueries({ queryKey: feedbackQuery.queryKey });
    },
  });
  return (
    <Card aria-label={strings.ask} className="p-6">
      <h2 className="font-medium">{strings.ask}</h2>
      <p className="mb-3 text-ink-soft text-sm">
        {strings.why}{' '}
        <Link href="/verdicts-fared" className="underline underline-offset-2">
          {strings.record}
        </Link>
      </p>
      <div className="flex flex-wrap gap-2">
        {TRUTHS.map((truth) => (
          <Button
            key={truth}
            look={status.truth === truth ? 'primary' : 'plain'}
            aria-pressed={status.truth === truth}
            disabled={isPending}
            onClick={() => mutate(truth)}
          >
            {strings.truths[truth]}
          </Button>
        ))}
        {status.truth && (
          <Button look="quiet" disabled={isPending} onClick={() => mutate(null)}>
            {strings.takeBack}
          </Button>
        )}
      </div>
      {error && <Problem error={error} className="mt-3" />}
    </Card>
  );
}
