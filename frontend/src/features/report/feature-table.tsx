import type { Report } from '@/api/types';
import { featureValue, modalities } from '@/features/verdict/contributions';
import { percent, signed } from '@/lib/format';
import { sharesOf } from '@/lib/shares';
import { why as strings, features as words } from '@/strings';

/** All twelve features by the names of the contract, and the sum that their shares make. */
export function FeatureTable({ report }: { report: Report }) {
  const { fusion, features } = report;
  const { weighed, limit } = sharesOf(report);
  const shares = new Map(weighed.map(({ feature, logOdds }) => [feature, logOdds]));
  return (
    <>
      <p className="soft">
        {fusion ? `${strings.sharesLead} ${strings.head(modalities(fusion))}` : strings.noShares}
      </p>
      <table>
        <thead>
          <tr>
            <th>{strings.columns.feature}</th>
            <th className="number">{strings.columns.value}</th>
            <th className="number">{strings.columns.share}</th>
          </tr>
        </thead>
        <tbody>
          {fusion && <Line name={strings.baseline} share={fusion.baseline} />}
          {Object.entries(features).map(([name, value]) => (
            <Line
              key={name}
              id={name}
              name={words[name]?.label ?? name}
              value={value === null ? strings.absent : featureValue(name, value)}
              share={shares.get(name)}
            />
          ))}
          {limit !== 0 && <Line name={strings.limited} share={limit} />}
        </tbody>
        {fusion && (
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {strings.total}
              </th>
              <td className="number">
                {signed(fusion.logOdds)} = {percent(fusion.probability)} %
              </td>
            </tr>
          </tfoot>
        )}
      </table>
    </>
  );
}

interface LineProps {
  name: string;
  id?: string;
  value?: string;
  share: number | undefined;
}

function Line({ name, id, value, share }: LineProps) {
  return (
    <tr>
      <th scope="row">
        {name} {id && <code className="soft">{id}</code>}
      </th>
      <td className="number">{value}</td>
      <td className="number">{share === undefined ? '—' : signed(share)}</td>
    </tr>
  );
}
