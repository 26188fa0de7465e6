import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { branchShare, sharesOf } from './shares';

test('baseline, shares and limit add up to the fused log-odds', () => {
  const { weighed, limit } = sharesOf(report);
  const sum = weighed.reduce((total, { logOdds }) => total + logOdds, report.fusion?.baseline ?? 0);
  expect(sum + limit).toBeCloseTo(report.fusion?.logOdds ?? Number.NaN, 9);
});

test('every feature is either weighed or told to be without a share', () => {
  const { weighed, unweighed } = sharesOf(report);
  const names = [...weighed, ...unweighed].map(({ feature }) => feature);
  expect(names.toSorted()).toEqual(Object.keys(report.features).toSorted());
  expect(unweighed).toContainEqual({ feature: 'sync_prob', value: 0.65 });
});

test('a cap on certainty shows as a limit', () => {
  const fusion = report.fusion && { ...report.fusion, logOdds: 2 };
  expect(sharesOf({ ...report, fusion }).limit).toBeCloseTo(-1.13, 9);
});

test('without a fusion nothing is weighed and nothing is lost', () => {
  const { weighed, limit, unweighed } = sharesOf({ ...report, fusion: null });
  expect(weighed).toEqual([]);
  expect(limit).toBe(0);
  expect(unweighed).toHaveLength(12);
});

test('a feature of weight 0 is no evidence', () => {
  const nothing = { feature: 'sync_prob', value: 0.65, logOdds: 0 };
  const fusion = report.fusion && {
    ...report.fusion,
    contributions: [...report.fusion.contributions, nothing],
  };
  const { weighed, unweighed } = sharesOf({ ...report, fusion });
  expect(weighed.map(({ feature }) => feature)).not.toContain('sync_prob');
  expect(unweighed).toContainEqual({ feature: 'sync_prob', value: 0.65 });
});

test('what a branch moved is the sum of its features', () => {
  const shares = ['gate', 'visual', 'temporal', 'audio', 'av_sync', 'blink'].map((branch) =>
    branchShare(branch, report),
  );
  expect(shares).toEqual([0.4, 2.1, 1.2, -0.37, 0, 0]);
});
