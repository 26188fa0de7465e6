import type { OffsetCurve } from '@/api/types';
import { useWidth } from '@/hooks/use-width';
import { across, down, MOST_SHIFT, NATURAL_SHIFT } from '@/lib/offset-curve';
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
  return (
    <div>
      <h3 className="font-medium">{strings.title}</h3>
      <p className="text-ink-soft text-sm">{sentence}</p>
      <div ref={ref} className="my-3">
        {width > 0 && <Curve curve={curve} width={width} />}
      </div>
      <p className="max-w-[75ch] text-ink-soft text-sm">
        {strings.shape(curve.confidence.toFixed(2), Math.round(1000 * curve.spread))} {strings.hint}
      </p>
    </div>
  );
}

function Curve({ curve, width }: { curve: OffsetCurve; width: number }) {
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
