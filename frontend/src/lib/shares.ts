/** How the twelve features add up to the fused log-odds. */
import type { Contribution, Report } from '@/api/types';

export interface Shares {
  /** The weightiest first. */
  weighed: Contribution[];
  /** What the limit on certainty takes off; 0 where it does not reach. Closes the sum. */
  limit: number;
  /** Features without a share: null was not examined, a number has no weight in this head. */
  unweighed: { feature: string; value: number | null }[];
}

/** Less than this is rounding: no limit, and no weight. */
const ROUNDING = 1e-6;

/** What a feature's name begins with, where that is not its branch's name. */
const MODALITIES: Record<string, string> = { gate: 'tiny', av_sync: 'sync' };

/** Log-odds by which a branch moved the verdict: above 0 towards a forgery, 0 without weight. */
export function branchShare(branch: string, { fusion }: Pick<Report, 'fusion'>): number {
  const prefix = `${MODALITIES[branch] ?? branch}_`;
  const shares = (fusion?.contributions ?? []).filter(({ feature }) => feature.startsWith(prefix));
  const sum = shares.reduce((total, { logOdds }) => total + logOdds, 0);
  return Math.abs(sum) > ROUNDING ? sum : 0;
}

export function sharesOf({ fusion, features }: Pick<Report, 'fusion' | 'features'>): Shares {
  const weighed = (fusion?.contributions ?? [])
    .filter(({ logOdds }) => Math.abs(logOdds) > ROUNDING)
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
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
