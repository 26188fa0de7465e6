/** What leaves the page: under which name, and what a file of it holds. */
import type { AnalysisStatus, Report } from '@/api/types';

const MOST_OF_NAME = 60;

/** "assay-interview-2026-11-20-0199aa00": after the file, the day and the analysis. */
export function exportName({
  fileName,
  createdAt,
  analysisId,
}: Pick<AnalysisStatus, 'fileName' | 'createdAt' | 'analysisId'>): string {
  const stem = fileName
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, MOST_OF_NAME)
    .replace(/^-+|-+$/g, '');
  return ['assay', stem, createdAt.slice(0, 10), analysisId.slice(0, 8)].filter(Boolean).join('-');
}

/** The report with what it does not know: which file it was, when, and what a person noted. */
export function reportAsJson(status: AnalysisStatus, report: Report): string {
  const { analysisId, fileName, note, createdAt, finishedAt } = status;
  const whole = { analysisId, fileName, note, createdAt, finishedAt, ...report };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
