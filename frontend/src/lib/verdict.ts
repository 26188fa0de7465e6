import type { Reliability, Result } from '@/api/types';
import { count, percent } from '@/lib/format';
import { verdict as strings } from '@/strings';

type Answer = Pick<Result, 'verdict' | 'reasons'>;

/** Whether there was nothing that is judged, so that no answer was given. */
export function isNothing({ reasons }: Pick<Answer, 'reasons'>): boolean {
  return reasons.includes('nothing_to_judge');
}

/** What people read: a verdict, or that there was nothing to give one on. */
export function verdictWords(answer: Answer): string {
  return isNothing(answer) ? strings.nothing : strings.words[answer.verdict];
}

/** How often such a verdict was right. */
export function reliabilityOf({ right, of, sources }: Reliability): string {
  return strings.reliability(percent(right), count(of), sources);
}

/** What to make of it. */
export function adviceOn(answer: Answer): string {
  return isNothing(answer) ? strings.nothingAdvice : strings.advice[answer.verdict];
}
