/** What the counts of the feedback say. */
import type { FeedbackRecord, Truth, Verdict } from '@/api/types';

type Counts = FeedbackRecord['counts'];

/** Files that were answered so and turned out so. */
export function filesOf(counts: Counts, verdict: Verdict | null, truth: Truth): number {
  return counts.find((each) => each.verdict === verdict && each.truth === truth)?.files ?? 0;
}

/** Of the files that were decided and whose truth is known: how many, and how many wrongly. */
export function decided(counts: Counts): { of: number; wrong: number } {
  const files = (verdict: Verdict, truth: Truth) => filesOf(counts, verdict, truth);
  const wrong = files('Deepfake', 'real') + files('Authentic', 'fake');
  return { wrong, of: wrong + files('Deepfake', 'fake') + files('Authentic', 'real') };
}
