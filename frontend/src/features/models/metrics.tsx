import { Facts } from '@/components/facts';
import { count } from '@/lib/format';
import { models as strings } from '@/strings';
import { Reliability, reliabilityOf } from './reliability';

type Json = unknown;
type Dict = Record<string, Json>;
type Interval = Record<'value' | 'low' | 'high', number>;

/**
 * Published numbers of any shape: single ones as facts, conditions with the same measures as a
 * table, calibration bins as a diagram.
 */
export function Metrics({ metrics }: { metrics: Dict }) {
  const entries = Object.entries(metrics);
  const single = entries.filter(([, value]) => isScalar(value) || isInterval(value));
  const nested = entries.filter(
    (entry): entry is [string, Dict] => isDict(entry[1]) && !isInterval(entry[1]),
  );
  const lists = entries.filter((entry): entry is [string, Json[]] => Array.isArray(entry[1]));
  return (
    <div className="space-y-5">
      {single.length > 0 && (
        <Facts facts={single.map(([name, value]) => [words(name), shown(value)])} />
      )}
      {lists.map(([name, list]) => {
        const bins = reliabilityOf(name, list);
        if (bins) return <Reliability key={name} bins={bins} />;
        if (!list.every(isScalar)) return null;
        return <Facts key={name} facts={[[words(name), list.map(shown).join(', ')]]} />;
      })}
      {nested.map(([name, dict]) => (
        <section key={name}>
          <h4 className="mb-2 font-medium">{words(name)}</h4>
          {isTable(dict) ? <Table rows={dict} /> : <Metrics metrics={dict} />}
        </section>
      ))}
    </div>
  );
}

/** Conditions by measure: {"clean": {"auc": 0.97, "eer": 0.04}, ...}. */
function Table({ rows }: { rows: Record<string, Dict> }) {
  const columns = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto">
      <table className="text-sm tabular-nums">
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th
                key={column}
                className="border-line-strong border-b px-3 py-1.5 text-right font-medium"
              >
                {words(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(rows).map(([name, row]) => (
            <tr key={name}>
              <th scope="row" className="border-line border-b py-1.5 pr-3 text-left font-normal">
                {words(name)}
              </th>
              {columns.map((column) => (
                <td key={column} className="border-line border-b px-3 py-1.5 text-right">
                  {shown(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isDict(value: Json): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: Json): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A number with the bounds of its confidence interval: {"value", "low", "high"}. */
function isInterval(value: Json): value is Interval {
  return (
    isDict(value) &&
    Object.keys(value).length === 3 &&
    ['value', 'low', 'high'].every((key) => typeof value[key] === 'number')
  );
}

function isTable(dict: Dict): dict is Record<string, Dict> {
  const rows = Object.values(dict);
  return rows.length > 0 && rows.every((row) => isDict(row) && Object.values(row).every(isMeasure));
}

/** What fits into a cell: one thing, an interval, or a few things. */
function isMeasure(value: Json): boolean {
  const isFew = Array.isArray(value) && value.length <= 3 && value.every(isScalar);
  return isScalar(value) || isInterval(value) || isFew;
}

function shown(value: Json): string {
  if (value === null || value === undefined) return '—';
  if (isInterval(value))
    return strings.interval(shown(value.value), shown(value.low), shown(value.high));
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return count(value);
  return String(Number(value.toPrecision(3)));
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
