/** Where a score lies between no trace and forgery, as words and as a colour. */

export type Leaning = 'real' | 'open' | 'fake';

/** Below and above these, the branches' own sentences speak of no traces and of forgery. */
const REAL_BELOW = 0.3;
const FAKE_ABOVE = 0.7;

export function leaning(score: number): Leaning {
  if (score < REAL_BELOW) return 'real';
  return score < FAKE_ABOVE ? 'open' : 'fake';
}

/** A CSS colour on the evidence scale: pure at the ends, stone in the middle. */
export function evidenceColour(score: number): string {
  const away = Math.round(100 * Math.min(1, Math.abs(score - 0.5) * 2.5));
  const end = score < 0.5 ? 'real' : 'fake';
  return `color-mix(in oklab, var(--color-${end}) ${away}%, var(--color-open))`;
}
