import { Link } from 'wouter';
import type { AnalysisStatus, Report, StageInfo } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { Card } from '@/components/ui/card';
import { VERDICT_LOOKS } from '@/components/verdict-tag';
import { titleOf } from '@/features/verdict/branch-list';
import { Scale } from '@/features/verdict/scale';
import { cn } from '@/lib/cn';
import { type Edges, EdgesContext, edgesOf } from '@/lib/evidence-scale';
import { moments } from '@/lib/faces';
import { count, moment } from '@/lib/format';
import { artefactUrl } from '@/lib/links';
import { type Unit, unitOf } from '@/lib/units';
import { verdictWords } from '@/lib/verdict';
import { compare as strings, features as words } from '@/strings';

export interface Side {
  id: string;
  status: AnalysisStatus;
  report: Report;
}

interface ComparisonProps {
  left: Side;
  right: Side;
  stages: readonly StageInfo[];
}

const FACES = 4;

/** Two reports line by line; what differs stands side by side. */
export function Comparison({ left, right, stages }: ComparisonProps) {
  const names = (pick: (report: Report) => object) => [
    ...new Set([left, right].flatMap(({ report }) => Object.keys(pick(report)))),
  ];
  return (
    <div className="flex flex-col gap-6">
      <div className="grid gap-4 sm:grid-cols-2">
        <Head side={left} />
        <Head side={right} />
      </div>
      <Card className="p-5 sm:p-8">
        <table className="w-full table-fixed text-sm">
          <thead className="sr-only">
            <tr>
              <th>{strings.branches}</th>
              <th>{left.status.fileName}</th>
              <th>{right.status.fileName}</th>
            </tr>
          </thead>
          <Group title={strings.branches}>
            {names((report) => report.branches).map((name) => (
              <Line
                key={name}
                name={titleOf(name, stages)}
                cells={[left, right].map(({ report }) => ({
                  value: report.branches[name]?.score ?? null,
                  edges: edgesOf(report),
                }))}
              />
            ))}
          </Group>
          <Group title={strings.features}>
            {names((report) => report.features).map((name) => (
              <Line
                key={name}
                name={words[name]?.label ?? name}
                unit={unitOf(name)}
                cells={[left, right].map(({ report }) => ({
                  value: report.features[name] ?? null,
                  edges: edgesOf(report),
                }))}
              />
            ))}
          </Group>
        </table>
      </Card>
    </div>
  );
}

export function Head({ side: { id, status, report } }: { side: Side }) {
  const { icon: Icon, ink, fill } = VERDICT_LOOKS[report.verdict];
  const faces = moments(report).filter(({ crop }) => crop);
  return (
    <Card className="relative overflow-hidden p-5 pt-6 sm:p-6 sm:pt-7">
      <div aria-hidden className={cn('absolute inset-x-0 top-0 h-1', fill)} />
      <Link href={`/analysis/${id}`} className="block truncate font-medium hover:underline">
        {status.fileName}
      </Link>
      <p className="text-ink-soft text-sm">{moment(status.createdAt)}</p>
      <p className={cn('mt-4 flex items-center gap-2', ink)}>
        <Icon size={24} strokeWidth={1.7} aria-hidden />
        <span className="font-serif text-3xl">{verdictWords(report)}</span>
      </p>
      {report.probability !== null && (
        <div className="mt-4">
          <Scale probability={report.probability} fused={report.fusion} />
        </div>
      )}
      {faces.length > 0 && (
        <ul aria-hidden className="mt-4 flex gap-2">
          {faces.slice(0, FACES).map((face) => (
            <li key={face.crop}>
              <img src={artefactUrl(id, face.crop ?? '')} alt="" className="size-16 rounded-lg" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <tbody className="group divide-y divide-line">
      <tr>
        <th
          scope="colgroup"
          colSpan={3}
          className="pt-8 pb-2 text-left font-serif text-lg font-medium group-first-of-type:pt-0"
        >
          {title}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

interface LineProps {
  name: string;
  /** Of the left and the right report. */
  cells: { value: number | null; edges: Edges | null }[];
  unit?: Unit;
}

function Line({ name, cells, unit = 'score' }: LineProps) {
  return (
    <tr>
      <th scope="row" className="py-2 pr-3 text-left font-normal">
        {name}
      </th>
      {cells.map(({ value, edges }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: left and right
        <td key={index} className="py-2 pl-4">
          {value === null && (
            <span className="block text-right text-ink-faint">{strings.none}</span>
          )}
          {value !== null && unit === 'count' && (
            <span className="block text-right tabular-nums">{count(value)}</span>
          )}
          {value !== null && unit !== 'count' && (
            <EdgesContext value={edges}>
              <ScoreBar score={unit === 'fit' ? 1 - value : value} label={name} />
            </EdgesContext>
          )}
        </td>
      ))}
    </tr>
  );
}
