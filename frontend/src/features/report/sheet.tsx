import type { ReactNode, Ref } from 'react';
import type { AnalysisStatus, Credentials, Report, StageInfo, Verdict } from '@/api/types';
import { credentialFacts, credentialLines } from '@/features/file/credentials';
import { mediaFacts } from '@/features/file/file-facts';
import { branchesByWeight, titleOf } from '@/features/verdict/branch-list';
import { seen, unseen } from '@/features/verdict/examined';
import { coverageLine } from '@/lib/coverage';
import { moment, percent } from '@/lib/format';
import { signatureUrl } from '@/lib/links';
import { adviceOn, reliabilityOf, strongestReason, verdictWords } from '@/lib/verdict';
import {
  credentials as credentialStrings,
  file,
  modalities as modalityStrings,
  service,
  report as strings,
  verdict as verdicts,
} from '@/strings';
import { Faces } from './faces';
import { FeatureTable } from './feature-table';
import { Frames } from './frames';
import { Timeline } from './timeline';
import './report.css';

export interface SheetProps {
  status: AnalysisStatus;
  report: Report;
  stages: readonly StageInfo[];
  ref?: Ref<HTMLElement>;
}

const INKS: Record<Verdict, string> = { Deepfake: 'fake', Authentic: 'real', Inconclusive: 'open' };

/** Everything that a reader needs to weigh a verdict, without the service at hand. */
export function Sheet({ status, report, stages, ref }: SheetProps) {
  return (
    <article ref={ref} className="sheet">
      <Head status={status} report={report} />
      <Answer report={report} />
      {status.note && <Remark note={status.note} />}
      <Frames id={status.analysisId} report={report} />
      <Faces id={status.analysisId} report={report} />
      <Timeline report={report} />
      <h2>{strings.branches}</h2>
      <Branches report={report} stages={stages} />
      <h2>{strings.features}</h2>
      <FeatureTable report={report} />
      <h2>{strings.examined}</h2>
      <Lines lines={seen(report)} none={strings.nothing} />
      <h2>{strings.unexamined}</h2>
      <Lines lines={unseen(report, stages)} none={strings.nothing} />
      <h2>{strings.file}</h2>
      <Definitions entries={mediaFacts(report.media)} />
      <p className="soft">{file.lead}</p>
      <Lines lines={(report.hints?.traces ?? []).map(service)} none={file.noTraces} />
      <Definitions entries={Object.entries(report.media.tags)} />
      {report.hints?.credentials && <Origin credentials={report.hints.credentials} />}
      <h2>{strings.made}</h2>
      <Models report={report} />
      <p>{strings.signed(signatureUrl(status.analysisId))}</p>
      <p className="soft">{strings.limits}</p>
    </article>
  );
}

function Head({ status, report }: Pick<SheetProps, 'status' | 'report'>) {
  const { facts } = strings;
  return (
    <header>
      <p className="soft">{strings.heading}</p>
      <h1>{status.fileName}</h1>
      <Definitions
        entries={[
          [facts.analysed, moment(status.finishedAt ?? status.createdAt)],
          [facts.analysis, <code key="id">{status.analysisId}</code>],
          [facts.hash, <code key="hash">{report.media.sha256}</code>],
        ]}
      />
    </header>
  );
}

function Answer({ report }: { report: Report }) {
  const { verdict, coverage, reliability, probability, summary, reasons, fusion, earlyExit } =
    report;
  const { modalities } = report;
  const strongest = strongestReason(report);
  return (
    <section>
      <p className={`word ${INKS[verdict]}`}>{verdictWords(report)}</p>
      {coverage && <p>{coverageLine(coverage)}</p>}
      <p>{service(summary)}</p>
      {strongest && (
        <p>
          <b>{verdicts.strongest}</b> {strongest}
        </p>
      )}
      <p className="soft">{adviceOn(report)}</p>
      {reliability && <p>{reliabilityOf(reliability)}</p>}
      {fusion && probability !== null && <Scale probability={probability} fusion={fusion} />}
      {modalities.length > 0 && (
        <>
          <h2>{modalityStrings.title}</h2>
          <Definitions
            entries={modalities.map((one) => [
              modalityStrings.names[one.modality],
              `${modalityStrings.finding(one)}, ${percent(one.probability)} %`,
            ])}
          />
        </>
      )}
      {earlyExit && <p>{verdicts.earlyExit}</p>}
      {reasons.length > 0 && (
        <>
          <h2>{strings.weakens}</h2>
          <Lines
            lines={reasons.map((reason) => {
              const { title, body } = verdicts.reasons[reason];
              return `${title}. ${body}`;
            })}
            none=""
          />
        </>
      )}
    </section>
  );
}

/** What a person wrote beside the analysis, in their own lines. */
function Remark({ note }: { note: string }) {
  return (
    <>
      <h2>{strings.note}</h2>
      <p className="note">{note}</p>
    </>
  );
}

function Origin({ credentials }: { credentials: Credentials }) {
  return (
    <>
      <h2>{credentialStrings.title}</h2>
      <Lines lines={credentialLines(credentials)} none="" />
      <Definitions entries={credentialFacts(credentials)} />
    </>
  );
}

type ScaleProps = { probability: number; fusion: NonNullable<Report['fusion']> };

function Scale({ probability, fusion: { authenticBelow, deepfakeAbove } }: ScaleProps) {
  const zones = [
    ['real', authenticBelow],
    ['open', deepfakeAbove - authenticBelow],
    ['fake', 1 - deepfakeAbove],
  ] as const;
  return (
    <>
      <div aria-hidden className="scale">
        {zones.map(([look, share]) => (
          <span key={look} className={look} style={{ width: `${100 * share}%` }} />
        ))}
        <i style={{ left: `${100 * probability}%` }} />
      </div>
      <p>
        {verdicts.scale.label(percent(probability))}.{' '}
        <span className="soft">
          {verdicts.scale.edges(percent(authenticBelow), percent(deepfakeAbove))}
        </span>
      </p>
    </>
  );
}

function Branches({ report, stages }: Pick<SheetProps, 'report' | 'stages'>) {
  return (
    <>
      <p className="soft">{strings.scoreLead}</p>
      <table>
        <thead>
          <tr>
            <th>{strings.branch}</th>
            <th>{strings.finding}</th>
            <th className="number">{strings.score}</th>
          </tr>
        </thead>
        <tbody>
          {branchesByWeight(report).map(([name, evidence]) => (
            <tr key={name}>
              <th scope="row">{titleOf(name, stages)}</th>
              <td>{service(evidence.sentence || evidence.reason || '')}</td>
              <td className="number">
                {evidence.score == null ? '—' : `${percent(evidence.score)} %`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Models({ report }: { report: Report }) {
  return (
    <>
      <Definitions
        entries={[
          [strings.version, report.version],
          [strings.pipeline, report.pipeline],
        ]}
      />
      <table>
        <thead>
          <tr>
            <th>{strings.model}</th>
            <th>{strings.hash}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(report.models).map(([name, hash]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <code>{hash}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <p>{none}</p>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Definitions({ entries }: { entries: readonly (readonly [string, ReactNode])[] }) {
  const told = entries.filter(([, value]) => value);
  if (told.length === 0) return null;
  return (
    <dl>
      {told.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
