import type { OffsetCurve } from '@/api/types';
import { across, down } from '@/lib/offset-curve';
import { pipeline } from '@/strings';

/** Distance of lips and voice at each shift: a sharp dip in the middle means in sync. */
export function CurveSketch({ curve }: { curve: OffsetCurve }) {
  const { offsets, distances, bestOffset } = curve;
  const x = (offset: number) => 100 * across(offset);
  const y = (distance: number) => 1 + 8 * down(distance);
  const points = offsets.map((offset, index) => `${x(offset)},${y(distances[index] ?? 1)}`);
  return (
    <svg
      role="img"
      aria-label={pipeline.results.curve}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      className="h-8 w-full"
    >
      <line
        x1={x(0)}
        x2={x(0)}
        y1="0"
        y2="10"
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      <polyline
        points={points.join(' ')}
        fill="none"
        className="stroke-ink-soft"
        strokeWidth="1.4"
        vectorEffect="non-scaling-stroke"
      />
      <line
        x1={x(bestOffset)}
        x2={x(bestOffset)}
        y1="0"
        y2="10"
        className="stroke-ink"
        strokeDasharray="2 2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
