import { Check, Minus } from 'lucide-react';
import type { Report, StageInfo } from '@/api/types';
import { covered, uncovered } from '@/lib/coverage';
import { covered as joined } from '@/lib/time-scale';
import { further, service, why } from '@/strings';
import { titleOf } from './branch-list';

const strings = why.examined;

interface ExaminedProps {
  report: Report;
  stages: readonly StageInfo[];
}

/** What the verdict rests on, and what nobody looked at. */
export function Examined({ report, stages }: ExaminedProps) {
  const yes = seen(report);
  const no = unseen(report, stages);
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      <div>
        <h4 className="mb-2 text-ink-soft text-sm">{strings.yes}</h4>
        <ul className="space-y-1.5 text-sm">
          {yes.map((line) => (
            <li key={line} className="flex gap-2">
              <Check size={15} className="mt-1 shrink-0 text-ink-soft" aria-hidden />
              {line}
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h4 className="mb-2 text-ink-soft text-sm">{strings.no}</h4>
        {no.length === 0 && <p className="text-sm">{strings.nothing}</p>}
        <ul className="space-y-1.5 text-sm">
          {no.map((line) => (
            <li key={line} className="flex gap-2">
              <Minus size={15} className="mt-1 shrink-0 text-ink-soft" aria-hidden />
              {line}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What was looked at and listened to, a sentence each. */
export function seen(report: Report): string[] {
  const faces = report.persons.reduce((sum, person) => sum + person.faces.length, 0);
  const windows = report.branches.audio?.windows ?? [];
  return [
    ...(report.coverage ? covered(report.coverage) : []),
    faces > 0 && strings.faces(faces, strings.people(report.persons.length)),
    windows.length > 0 && strings.voice(windows.length, joined(windows).toFixed(1)),
    report.sweep && further.sweep.examined(covered(report.sweep.coverage).join(', ')),
  ].filter((line): line is string => typeof line === 'string');
}

/** What was passed over, and why. */
export function unseen(report: Report, stages: readonly StageInfo[]): string[] {
  const counted = Object.entries(report.faces ?? {}).flatMap(([name, number]) => {
    const told = strings.counters[name as keyof typeof strings.counters];
    return number > 0 && told ? [told(number)] : [];
  });
  const branches = Object.entries(report.branches).flatMap(([name, evidence]) =>
    evidence.state === 'done'
      ? []
      : [strings.branch(titleOf(name, stages), service(evidence.reason ?? ''))],
  );
  const reached = report.sweep?.coverage ?? report.coverage;
  const parts = reached ? uncovered(reached) : [];
  return [...parts, ...counted, ...branches, ...report.warnings.map(service)];
}
