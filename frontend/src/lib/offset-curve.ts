/** The scale of curves of lips against voice: the same for every file, so that depths compare. */

/** Misfit, a distance of unit vectors: 0 where they agree, 1.4 where they are unrelated. */
export const MOST_MISFIT = 1.6;
/** Seconds: the sound is shifted this far to either side. */
export const MOST_SHIFT = 0.6;
/** Seconds of shift that recordings have by nature, and nobody sees. */
export const NATURAL_SHIFT = 0.08;

/** Where a shift lies between the left and the right edge, 0..1. */
export function across(offset: number): number {
  return within((offset + MOST_SHIFT) / (2 * MOST_SHIFT));
}

/** Where a misfit lies between the upper and the lower edge, 0..1: deep is a good fit. */
export function down(distance: number): number {
  return within(1 - distance / MOST_MISFIT);
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
