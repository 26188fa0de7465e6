/** How the twelve features add up to the fused log-odds. */
import type { Contribution, Report } from '@/api/types';

export interface Shares {
  /** The weightiest first. */
  weighed: Contribution[];
  /** What the limit on certainty takes off; 0 where it does not reach. Closes the sum. */
  limit: number;
  /** Features without a share: null was not examined, a number has no vote in this head. */
  unweighed: { feature: string; value: number | null }[];
}

/** Differences below this are rounding, not a limit. */
const ROUNDING = 1e-6;

export function sharesOf({ fusion, features }: Pick<Report, 'fusion' | 'features'>): Shares {
  const weighed = (fusion?.contributions ?? []).toSorted(
    (a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds),
  );
  const sum = weighed.reduce((total, { logOdds }) => total + logOdds, fusion?.baseline ?? 0);
  const limit = (fusion?.logOdds ?? 0) - sum;
  const named = new Set(weighed.map(({ feature }) => feature));
  return {
    weighed,
    limit: fusion && Math.abs(limit) > ROUNDING ? limit : 0,
    unweighed: Object.entries(features)
      .filter(([name]) => !named.has(name))
      .map(([feature, value]) => ({ feature, value })),
  };
}
