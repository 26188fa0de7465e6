import { CircleCheck, CircleHelp, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Result, Verdict } from '@/api/types';
import { cn } from '@/lib/cn';
import { percent } from '@/lib/format';
import { verdictWords } from '@/lib/verdict';
import { verdict as strings } from '@/strings';

/** Sign and ink of each verdict; the word always stands beside them. */
export const VERDICT_LOOKS: Record<Verdict, { icon: LucideIcon; ink: string; fill: string }> = {
  Deepfake: { icon: TriangleAlert, ink: 'text-fake', fill: 'bg-fake' },
  Authentic: { icon: CircleCheck, ink: 'text-real', fill: 'bg-real' },
  Inconclusive: { icon: CircleHelp, ink: 'text-open', fill: 'bg-open' },
};

/** A verdict in a line. */
export function VerdictTag({
  result,
}: {
  result: Pick<Result, 'verdict' | 'probability' | 'reasons'>;
}) {
  const { icon: Icon, ink } = VERDICT_LOOKS[result.verdict];
  return (
    <p className="flex items-center gap-1.5 text-sm">
      <Icon size={15} aria-hidden className={ink} />
      <span className={cn('font-medium', ink)}>{verdictWords(result)}</span>
      {result.probability !== null && (
        <span className="text-ink-soft tabular-nums">
          {strings.probabilityOf(percent(result.probability))}
        </span>
      )}
    </p>
  );
}
