import type { Contribution, Fused, Report } from '@/api/types';
import { Glossed } from '@/components/glossed';
import { count, percent, signed } from '@/lib/format';
import { type Shares, sharesOf } from '@/lib/shares';
import { unitOf } from '@/lib/units';
import { why as strings, features as words } from '@/strings';

/** Log-odds that fill a half of the chart at least: shares of next to nothing must look it. */
const LEAST_SCALE = 0.5;

/** The twelve features as shares of the fused log-odds, the weightiest first; they add up to it. */
export function Contributions({ report }: { report: Report }) {
  const { fusion } = report;
  const { weighed, limit, unweighed } = sharesOf(report);
  if (!fusion) {
    return (
      <>
        <p className="text-ink-soft">{strings.noShares}</p>
        <Unweighed features={unweighed} />
      </>
    );
  }
  const most = Math.max(
    LEAST_SCALE,
    ...[fusion.baseline, limit, ...weighed.map(({ logOdds }) => logOdds)].map(Math.abs),
  );
  return (
    <>
      <p className="mb-4 max-w-2xl text-ink-soft text-sm">
        <Glossed text={`${strings.sharesLead} ${strings.head(modalities(fusion))}`} />
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
          {weighed.map((share) => (
            <FeatureRow key={share.feature} share={share} most={most} />
          ))}
          {limit !== 0 && <Row name={strings.limited} share={limit} most={most} />}
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
      <Unweighed features={unweighed} />
    </>
  );
}

/** What a head weighs, in words. */
export function modalities({ head }: Fused): string {
  return head
    .split('+')
    .map((name) => strings.modalities[name] ?? name)
    .join(', ');
}

function FeatureRow({ share, most }: { share: Contribution; most: number }) {
  return (
    <Row
      name={words[share.feature]?.label ?? share.feature}
      id={share.feature}
      value={featureValue(share.feature, share.value)}
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
      <span className="min-w-12 whitespace-nowrap text-right tabular-nums">{signed(share)}</span>
    </span>
  );
}

function Unweighed({ features }: { features: Shares['unweighed'] }) {
  if (features.length === 0) return null;
  return (
    <div className="mt-4 text-sm">
      <p className="text-ink-soft">{strings.unweighedTitle}</p>
      <ul className="mt-1 grid gap-x-8 sm:grid-cols-2">
        {features.map(({ feature, value }) => (
          <li key={feature} className="flex justify-between gap-4 border-line border-b py-1.5">
            <span>
              {words[feature]?.label ?? feature}
              <code className="block text-ink-faint text-xs">{feature}</code>
            </span>
            <span className="text-right text-ink-soft tabular-nums">
              {value === null ? strings.absent : featureValue(feature, value)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A feature's value in its unit; scores are turned so that high is suspect. */
export function featureValue(feature: string, value: number): string {
  const unit = unitOf(feature);
  if (unit === 'count') return count(value);
  return `${percent(unit === 'fit' ? 1 - value : value)} %`;
}
