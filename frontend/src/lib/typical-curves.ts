/** Curves that lips and voice typically have, from the metrics of the model that compares them. */
import type { ModelCard } from '@/api/types';

const MODEL = 'av_sync_head';

/** The middle of many curves and the tenth to either side; null where a shift was not seen. */
export interface Spread {
  clips: number;
  median: readonly (number | null)[];
  low: readonly (number | null)[];
  high: readonly (number | null)[];
}

export interface TypicalCurves {
  /** Seconds of shift. */
  offsets: readonly number[];
  matching: Spread;
  mismatched: Spread;
  sources: number;
}

/** Null where the model was not measured so. */
export function typicalCurves(models: readonly ModelCard[] | undefined): TypicalCurves | null {
  const found = models?.find(({ name }) => name === MODEL)?.metrics?.typical_curves;
  return isTypical(found) ? found : null;
}

function isTypical(value: unknown): value is TypicalCurves {
  const { offsets, matching, mismatched } = (value ?? {}) as Partial<TypicalCurves>;
  return (
    Array.isArray(offsets) &&
    [matching, mismatched].every((each) =>
      [each?.median, each?.low, each?.high].every((line) => line?.length === offsets.length),
    )
  );
}

/** A spread as a band: along its upper edge and back along its lower one. */
export function bandOf(
  { offsets }: Pick<TypicalCurves, 'offsets'>,
  { low, high }: Spread,
  x: (offset: number) => number,
  y: (distance: number) => number,
): string {
  const edge = (line: Spread['low']) =>
    offsets.flatMap((offset, i) => {
      const distance = line[i];
      return distance == null ? [] : [`${x(offset)},${y(distance)}`];
    });
  return [...edge(high), ...edge(low).reverse()].join(' ');
}

/** A spread's middle as a line. */
export function lineOf(
  { offsets }: Pick<TypicalCurves, 'offsets'>,
  { median }: Spread,
  x: (offset: number) => number,
  y: (distance: number) => number,
): string {
  return offsets
    .flatMap((offset, i) => {
      const distance = median[i];
      return distance == null ? [] : [`${x(offset)},${y(distance)}`];
    })
    .join(' ');
}
