import { expect, test } from 'vitest';
import { report, status } from '@/testing/fixtures';
import { exportName, reportAsJson } from './export';

test.each([
  ['interview.mp4', 'assay-interview-2026-11-20-0199aa00'],
  ['no ending', 'assay-no-ending-2026-11-20-0199aa00'],
  ['../../etc/pass wd.tar.gz', 'assay-etc-pass-wd-tar-2026-11-20-0199aa00'],
  ['Übung № 7.PNG', 'assay-Übung-7-2026-11-20-0199aa00'],
  ['.mp4', 'assay-2026-11-20-0199aa00'],
  ['???.mp4', 'assay-2026-11-20-0199aa00'],
])('what comes of %s is named %s', (fileName, expected) =>
  expect(exportName({ ...status, fileName })).toBe(expected),
);

test('a long name is cut, and not behind a dash', () => {
  expect(exportName({ ...status, fileName: `${'ab '.repeat(60)}.mp4` })).toMatch(
    /^assay-[ab-]{1,60}[ab]-2026/,
  );
});

test('the JSON tells file, day, note and all of the report', () => {
  const told = JSON.parse(reportAsJson({ ...status, note: 'from the desk' }, report));
  expect(told).toMatchObject({
    analysisId: status.analysisId,
    fileName: 'interview.mp4',
    note: 'from the desk',
    createdAt: status.createdAt,
    verdict: 'Deepfake',
  });
  expect(Object.keys(told.features)).toHaveLength(12);
});
