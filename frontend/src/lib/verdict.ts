import type { Result } from '@/api/types';
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

/** What to make of it. */
export function adviceOn(answer: Answer): string {
  return isNothing(answer) ? strings.nothingAdvice : strings.advice[answer.verdict];
}
