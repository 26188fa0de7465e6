import { useQuery } from '@tanstack/react-query';
import { modelsQuery } from '@/api/queries';
import type { OffsetCurve } from '@/api/types';
import { useWidth } from '@/hooks/use-width';
import { across, down, MOST_SHIFT, NATURAL_SHIFT } from '@/lib/offset-curve';
import { bandOf, lineOf, type TypicalCurves, typicalCurves } from '@/lib/typical-curves';
import { evidence } from '@/strings';

const strings = evidence.curve;
const HEIGHT = 180;
const LEFT = 36;
const BOTTOM = 34;
/** Seconds. */
const TICKS = [-MOST_SHIFT, -MOST_SHIFT / 2, 0, MOST_SHIFT / 2, MOST_SHIFT];

interface OffsetChartProps {
  curve: OffsetCurve;
  /** What the branch makes of it. */
  sentence: string;
}

/** Misfit of lips and voice at every shift of the sound, always on the same scale. */
export function OffsetChart({ curve, sentence }: OffsetChartProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { data: models } = useQuery(modelsQuery);
  const typical = typicalCurves(models);
  return (
    <div>
      <h3 className="font-medium">{strings.title}</h3>
      <p className="text-ink-soft text-sm">{sentence}</p>
      <div ref={ref} className="my-3">
        {width > 0 && <Curve curve={curve} typical={typical} width={width} />}
      </div>
      {typical && <Legend typical={typical} />}
      <p className="max-w-[75ch] text-ink-soft text-sm">
        {strings.shape(curve.confidence.toFixed(2), Math.round(1000 * curve.spread))} {strings.hint}
      </p>
    </div>
  );
}

/** What the bands behind the curve are. */
function Legend({ typical: { matching, mismatched, sources } }: { typical: TypicalCurves }) {
  return (
    <ul className="mb-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
      <li className="flex items-center gap-2">
        <span aria-hidden className="h-0.5 w-5 bg-ink" />
        {strings.legend.this}
      </li>
      <li className="flex items-center gap-2">
        <span aria-hidden className="w-5 border-real border-t-2" />
        {strings.legend.matching(matching.clips)}
      </li>
      <li className="flex items-center gap-2">
        <span aria-hidden className="w-5 border-fake border-t-2 border-dashed" />
        {strings.legend.mismatched(mismatched.clips)}
      </li>
      <li className="w-full text-ink-soft">{strings.legend.measured(sources)}</li>
    </ul>
  );
}

function Curve({
  curve,
  typical,
  width,
}: {
  curve: OffsetCurve;
  typical: TypicalCurves | null;
  width: number;
}) {
  const { offsets, distances, bestOffset } = curve;
  const x = (offset: number) => LEFT + across(offset) * (width - LEFT - 8);
  const y = (distance: number) => 8 + down(distance) * (HEIGHT - BOTTOM - 8);
  return (
    <svg
      role="img"
      aria-label={strings.label(Math.round(1000 * bestOffset))}
      width={width}
      height={HEIGHT}
      className="block text-xs"
    >
      <rect
        x={x(-NATURAL_SHIFT)}
        width={x(NATURAL_SHIFT) - x(-NATURAL_SHIFT)}
        y={8}
        height={HEIGHT - BOTTOM - 8}
        className="fill-sunken"
      />
      {TICKS.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={8} y2={HEIGHT - BOTTOM} className="stroke-line" />
          <text
            x={x(tick)}
            y={HEIGHT - BOTTOM + 14}
            textAnchor={tick === -MOST_SHIFT ? 'start' : tick === MOST_SHIFT ? 'end' : 'middle'}
            className="fill-ink-faint"
          >
            {Math.round(1000 * tick)}
          </text>
        </g>
      ))}
      <line x1={x(0)} x2={x(0)} y1={8} y2={HEIGHT - BOTTOM} className="stroke-line-strong" />
      <text x={width / 2} y={HEIGHT - 4} textAnchor="middle" className="fill-ink-faint">
        {strings.x}
      </text>
      <text
        x={12}
        y={HEIGHT / 2 - 10}
        textAnchor="middle"
        transform={`rotate(-90 12 ${HEIGHT / 2 - 10})`}
        className="fill-ink-faint"
      >
        {strings.y}
      </text>
      {typical && (
        <>
          <polygon
            points={bandOf(typical, typical.mismatched, x, y)}
            className="fill-fake"
            fillOpacity={0.12}
          />
          <polygon
            points={bandOf(typical, typical.matching, x, y)}
            className="fill-real"
            fillOpacity={0.15}
          />
          <polyline
            points={lineOf(typical, typical.mismatched, x, y)}
            fill="none"
            strokeWidth={1.5}
            strokeDasharray="4 3"
            className="stroke-fake"
          />
          <polyline
            points={lineOf(typical, typical.matching, x, y)}
            fill="none"
            strokeWidth={1.5}
            className="stroke-real"
          />
        </>
      )}
      <polyline
        points={offsets.map((offset, i) => `${x(offset)},${y(distances[i] ?? 1)}`).join(' ')}
        fill="none"
        strokeWidth={2}
        strokeLinejoin="round"
        className="stroke-ink"
      />
      <circle
        cx={x(bestOffset)}
        cy={y(Math.min(...distances))}
        r={4.5}
        className="fill-ink stroke-surface"
        strokeWidth={2}
      />
    </svg>
  );
}
