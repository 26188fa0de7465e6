import type { Report } from '@/api/types';
import { ScoreBar } from '@/components/score-bar';
import { count } from '@/lib/format';
import { evidence as strings, features as words } from '@/strings';

/** The fusion's twelve inputs, in the order of its coefficients. */
export function FeaturesTable({ features }: { features: Report['features'] }) {
  return (
    <table className="w-full text-sm">
      <thead className="sr-only">
        <tr>
          <th>{strings.columns.feature}</th>
          <th>{strings.columns.value}</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {Object.entries(features).map(([name, value]) => (
          <tr key={name}>
            <th scope="row" className="py-2 pr-4 text-left font-normal">
              {words[name]?.label ?? name}
              <code className="ml-2 hidden text-ink-faint text-xs sm:inline">{name}</code>
            </th>
            <td className="w-44 py-2 sm:w-72">
              <Value name={name} value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ name, value }: { name: string; value: number | null }) {
  if (value === null) return <p className="text-right text-ink-faint italic">{strings.absent}</p>;
  const unit = words[name]?.unit;
  if (unit === 'count') return <p className="text-right tabular-nums">{count(value)}</p>;
  // Sync is a probability of being real: it takes its place on the scale from the other end.
  if (unit === 'fit')
    return <ScoreBar score={value} tone={1 - value} label={strings.columns.value} />;
  return <ScoreBar score={value} label={strings.columns.value} />;
}
