import type { OffsetCurve } from '@/api/types';
import { useWidth } from '@/hooks/use-width';
import { evidence } from '@/strings';

const strings = evidence.curve;
const HEIGHT = 180;
const LEFT = 36;
const BOTTOM = 34;

interface OffsetChartProps {
  curve: OffsetCurve;
  /** What the branch makes of it. */
  sentence: string;
}

/** Misfit of lips and voice at every shift of the sound. */
export function OffsetChart({ curve, sentence }: OffsetChartProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const best = Math.round(1000 * curve.bestOffset);
  return (
    <div>
      <h3 className="font-medium">{strings.title}</h3>
      <p className="text-ink-soft text-sm">{sentence}</p>
      <div ref={ref} className="my-3">
        {width > 0 && <Curve curve={curve} width={width} />}
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <Fact name={strings.best} value={`${best} ms`} />
        <Fact name={strings.confidence} value={curve.confidence.toFixed(2)} />
        <Fact name={strings.spread} value={`${Math.round(1000 * curve.spread)} ms`} />
      </dl>
      <p className="mt-2 text-ink-soft text-sm">{strings.hint}</p>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-medium tabular-nums">{value}</dd>
    </div>
  );
}

function Curve({ curve, width }: { curve: OffsetCurve; width: number }) {
  const { offsets, distances, bestOffset } = curve;
  const [left, right] = [Math.min(...offsets), Math.max(...offsets)];
  const top = Math.max(...distances);
  const low = Math.min(0, ...distances);
  const x = (offset: number) => LEFT + ((offset - left) / (right - left || 1)) * (width - LEFT - 8);
  const y = (value: number) => 8 + (1 - (value - low) / (top - low || 1)) * (HEIGHT - BOTTOM - 8);
  const ticks = [left, left / 2, 0, right / 2, right];
  return (
    <svg
      role="img"
      aria-label={strings.label(Math.round(1000 * bestOffset))}
      width={width}
      height={HEIGHT}
      className="block text-xs"
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={8} y2={HEIGHT - BOTTOM} className="stroke-line" />
          <text
            x={x(tick)}
            y={HEIGHT - BOTTOM + 14}
            textAnchor={tick === left ? 'start' : tick === right ? 'end' : 'middle'}
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
        points={offsets.map((offset, i) => `${x(offset)},${y(distances[i] ?? low)}`).join(' ')}
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
