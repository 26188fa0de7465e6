import type { Reliability, Report, Result } from '@/api/types';
import { coverageLine, isPartial } from '@/lib/coverage';
import { count, percent } from '@/lib/format';
import { branchShare } from '@/lib/shares';
import { service, verdict as strings } from '@/strings';

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

/** An answer in a few lines, to be pasted where the page cannot go. */
export function answerAsText(fileName: string, result: Result, address: string): string {
  const { probability, coverage, reliability, summary } = result;
  return [
    `${fileName}: ${verdictWords(result)}`,
    probability !== null && strings.scale.label(percent(probability)),
    coverage && coverageLine(coverage),
    service(summary),
    reliability && reliabilityOf(reliability),
    adviceOn(result),
    address,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What to make of it, and what may help with this very file. */
export function adviceOn(
  answer: Pick<Result, 'verdict' | 'reasons' | 'coverage' | 'probability'>,
): string {
  if (isNothing(answer)) return strings.nothingAdvice;
  if (answer.probability === null) return strings.openAdvice.failed;
  if (answer.verdict !== 'Inconclusive') return strings.advice[answer.verdict];
  const { reasons, coverage } = answer;
  if (reasons.includes('too_short')) return strings.openAdvice.short;
  if (reasons.includes('low_resolution')) return strings.openAdvice.small;
  if (coverage && isPartial(coverage)) return strings.openAdvice.partial;
  return strings.advice.Inconclusive;
}

/** The finding that spoke most for the verdict; null where none did. */
export function strongestReason(
  report: Pick<Report, 'verdict' | 'fusion' | 'branches'>,
): string | null {
  // What did not decide is told by what spoke for a forgery: that is what people ask about.
  const towards = report.verdict === 'Authentic' ? -1 : 1;
  const [strongest] = Object.entries(report.branches)
    .map(([name, { sentence }]) => ({ share: towards * branchShare(name, report), sentence }))
    .filter(({ share, sentence }) => share > 0 && sentence)
    .sort((one, other) => other.share - one.share);
  return strongest ? service(strongest.sentence) : null;
}
