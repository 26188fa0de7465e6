import type { Reason, Report, Result } from '@/api/types';
import { Glossed } from '@/components/glossed';
import { Card } from '@/components/ui/card';
import { VERDICT_LOOKS } from '@/components/verdict-tag';
import { cn } from '@/lib/cn';
import { coverageLine } from '@/lib/coverage';
import { adviceOn, isNothing, reliabilityOf, strongestReason, verdictWords } from '@/lib/verdict';
import { service, verdict as strings } from '@/strings';
import { Modalities } from './modalities';
import { Scale } from './scale';

interface VerdictPanelProps {
  result: Result;
  /** Adds the edges of the scale once it is there. */
  report: Report | undefined;
}

/** The answer, how sure it is, what it means and what weakens it. */
export function VerdictPanel({ result, report }: VerdictPanelProps) {
  const { icon: Icon, ink, fill } = VERDICT_LOOKS[result.verdict];
  const nothing = isNothing(result);
  const strongest = report && strongestReason(report);
  const weaker = result.reasons.filter((reason) => reason !== 'nothing_to_judge');
  return (
    <Card
      id="verdict"
      aria-label={strings.region}
      className="relative scroll-mt-14 animate-settle overflow-hidden p-6 pt-8 sm:p-8 sm:pt-10"
    >
      <div aria-hidden className={cn('absolute inset-x-0 top-0 h-1', fill)} />
      <div className="grid gap-8 md:grid-cols-[1.1fr_1fr] md:gap-14">
        <div>
          <h2 className={cn('flex items-center gap-3', ink)}>
            <Icon size={34} strokeWidth={1.6} aria-hidden />
            <span className="font-serif text-5xl tracking-tight">{verdictWords(result)}</span>
          </h2>
          <p className="mt-3 text-lg">{service(result.summary)}</p>
          {strongest && (
            <p className="mt-3">
              <span className="font-medium">{strings.strongest}</span> {strongest}
            </p>
          )}
          {result.coverage && <p className="mt-3 font-medium">{coverageLine(result.coverage)}</p>}
          {result.reliability && <p className="mt-3">{reliabilityOf(result.reliability)}</p>}
          <h3 className="mt-5 font-medium">{strings.nextTitle}</h3>
          <p className="text-ink-soft">{adviceOn(result)}</p>
          {result.earlyExit && (
            <p className="mt-3 text-ink-soft">
              <Glossed text={strings.earlyExit} />
            </p>
          )}
        </div>
        <div className="flex flex-col gap-6">
          {result.probability !== null && (
            <div>
              <h3 className="mb-1 text-ink-soft text-sm">{strings.probability}</h3>
              <Scale probability={result.probability} fused={report?.fusion ?? null} />
            </div>
          )}
          {report && <Modalities list={report.modalities} decidedBy={report.decidedBy} />}
          {weaker.length > 0 && (
            <Reasons reasons={weaker} title={nothing ? strings.whyNothing : strings.reasonsTitle} />
          )}
        </div>
      </div>
    </Card>
  );
}

function Reasons({ reasons, title }: { reasons: readonly Reason[]; title: string }) {
  return (
    <div>
      <h3 className="mb-2 text-ink-soft text-sm">{title}</h3>
      <ul className="space-y-2">
        {reasons.map((reason) => (
          <li key={reason} className="border-line-strong border-l-2 pl-3">
            <span className="font-medium">{strings.reasons[reason].title}.</span>{' '}
            <span className="text-ink-soft">{strings.reasons[reason].body}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
