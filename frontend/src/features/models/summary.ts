/** The few numbers of a model's metrics.json that a table has room for. */

type Dict = Record<string, unknown>;

export interface Measured {
  /** Of which media; empty where there is one number for all. */
  kind: string;
  auc: number;
}

export interface Weakest {
  condition: string;
  kind: string;
  auc: number;
}

/** Measured on material that the model never saw, the first that there is. */
const UNSEEN = ['test', 'out_of_fold', 'heads'];
const CONDITIONS = ['conditions', 'by_condition', 'auc_by_condition'];

/** How well a model tells real from fake on what it never saw, by kind of media. */
export function unseenAuc(metrics: Dict | null): Measured[] {
  const found = UNSEEN.map((name) => aucs(metrics?.[name])).find((some) => some.length > 0);
  return found ?? [];
}

/** Where it does worst, of the ways in which media are damaged; null where that was not measured. */
export function weakestCondition(metrics: Dict | null): Weakest | null {
  const table = CONDITIONS.map((name) => metrics?.[name]).find(isDict) ?? {};
  const all = Object.entries(table).flatMap(([condition, row]) =>
    aucs(row).map((measured) => ({ condition, ...measured })),
  );
  return all.sort((one, other) => one.auc - other.auc)[0] ?? null;
}

/** {"auc": a}, {"auc clips": a}, {"clips": a} or {"clips": {"auc": a}}; a number or an interval. */
function aucs(value: unknown): Measured[] {
  if (!isDict(value)) return [];
  const whole = shareOf(value.auc);
  if (whole !== null) return [{ kind: '', auc: whole }];
  const named = Object.entries(value).filter(([name]) => name.startsWith('auc '));
  const entries = named.length > 0 ? named : Object.entries(value);
  return entries.flatMap(([name, each]) => {
    const auc = shareOf(isDict(each) && 'auc' in each ? each.auc : each);
    return auc === null ? [] : [{ kind: name.replace(/^auc /, ''), auc }];
  });
}

/** A share, or the middle of an interval of one. */
function shareOf(value: unknown): number | null {
  const number = isDict(value) ? value.value : value;
  return typeof number === 'number' && number >= 0 && number <= 1 ? number : null;
}

function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
