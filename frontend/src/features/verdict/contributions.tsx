import type { Contribution, Fused, Report } from '@/api/types';
import { count, percent, signed } from '@/lib/format';
import { why as strings, features as words } from '@/strings';

/** Differences below this are rounding, not a limit. */
const ROUNDING = 1e-6;

/** The twelve features as shares of the fused log-odds, the weightiest first; they add up to it. */
export function Contributions({ report }: { report: Report }) {
  const { fusion, features } = report;
  if (!fusion) return <p className="text-ink-soft">{strings.noShares}</p>;
  const shares = fusion.contributions.toSorted((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
  const sum = shares.reduce((total, { logOdds }) => total + logOdds, fusion.baseline);
  const limit = fusion.logOdds - sum;
  const weighed = new Set(shares.map(({ feature }) => feature));
  const absent = Object.keys(features).filter((name) => !weighed.has(name));
  const most = Math.max(...[fusion.baseline, limit, ...shares.map((s) => s.logOdds)].map(Math.abs));
  return (
    <>
      <p className="mb-4 max-w-2xl text-ink-soft text-sm">
        {strings.sharesLead} {strings.head(modalities(fusion))}
      </p>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-ink-faint text-xs">
            <th className="pb-2 font-normal">{strings.columns.feature}</th>
            <th className="pb-2 text-right font-normal">{strings.columns.value}</th>
            <th className="w-2/5 pb-2 pl-6 font-normal">{strings.columns.share}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-y">
          <Row name={strings.baseline} share={fusion.baseline} most={most} />
          {shares.map((share) => (
            <FeatureRow key={share.feature} share={share} most={most} />
          ))}
          {Math.abs(limit) > ROUNDING && <Row name={strings.limited} share={limit} most={most} />}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" className="py-2.5 text-left font-medium">
              {strings.total}
            </th>
            <td />
            <td className="py-2.5 pl-6 tabular-nums">
              {signed(fusion.logOdds)} = {strings.totalValue(percent(fusion.probability))}
            </td>
          </tr>
        </tfoot>
      </table>
      {absent.length > 0 && <Absent names={absent} />}
    </>
  );
}

function modalities({ head }: Fused): string {
  return head
    .split('+')
    .map((name) => strings.modalities[name] ?? name)
    .join(', ');
}

function FeatureRow({ share, most }: { share: Contribution; most: number }) {
  const word = words[share.feature];
  const value = word?.unit === 'count' ? count(share.value) : `${percent(share.value)} %`;
  return (
    <Row
      name={word?.label ?? share.feature}
      id={share.feature}
      value={value}
      share={share.logOdds}
      most={most}
    />
  );
}

interface RowProps {
  name: string;
  /** The feature's name in the contract. */
  id?: string;
  value?: string;
  share: number;
  most: number;
}

function Row({ name, id, value, share, most }: RowProps) {
  return (
    <tr>
      <th scope="row" className="py-2 pr-3 text-left font-normal">
        {name}
        {id && <code className="block text-ink-faint text-xs">{id}</code>}
      </th>
      <td className="py-2 text-right tabular-nums">{value}</td>
      <td className="py-2 pl-6">
        <ShareBar share={share} most={most} />
      </td>
    </tr>
  );
}

/** To the right towards forgery, to the left away from it. */
function ShareBar({ share, most }: { share: number; most: number }) {
  const length = (50 * Math.abs(share)) / (most || 1);
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden className="relative h-3.5 flex-1">
        <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
        <span
          className={`absolute inset-y-0.5 rounded-sm ${share < 0 ? 'bg-real' : 'bg-fake'}`}
          style={{ left: `${share < 0 ? 50 - length : 50}%`, width: `${Math.max(0.5, length)}%` }}
        />
      </span>
      <span className="w-12 text-right tabular-nums">{signed(share)}</span>
    </span>
  );
}

function Absent({ names }: { names: string[] }) {
  return (
    <div className="mt-4 text-sm">
      <p className="text-ink-soft">{strings.absentTitle}</p>
      <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {names.map((name) => (
          <li key={name}>
            {words[name]?.label ?? name} <code className="text-ink-faint text-xs">{name}</code>{' '}
            <span className="text-ink-soft italic">{strings.absent}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
