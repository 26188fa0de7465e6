import { count, percent } from '@/lib/format';
import { models } from '@/strings';

const strings = models.reliability;
const SIDE = 240;
const EDGE = 34;

export interface Bin {
  count: number;
  stated: number;
  observed: number;
}

/** Calibration bins, if that is what a list of metrics.json holds: [count, stated, observed]. */
export function reliabilityOf(name: string, list: unknown[]): Bin[] | null {
  if (!name.includes('reliability')) return null;
  const bins = list.map((entry) => {
    if (Array.isArray(entry)) {
      const [size, stated, observed] = entry as unknown[];
      return { count: size, stated, observed };
    }
    return entry as Partial<Bin>;
  });
  const isBin = (bin: object | null): bin is Bin =>
    bin !== null &&
    ['count', 'stated', 'observed'].every((key) => Number.isFinite(bin[key as never]));
  return bins.length > 0 && bins.every(isBin) ? (bins as Bin[]) : null;
}

/** What was stated against what was so. */
export function Reliability({ bins }: { bins: Bin[] }) {
  const x = (share: number) => EDGE + share * (SIDE - EDGE - 8);
  const y = (share: number) => 8 + (1 - share) * (SIDE - EDGE - 8);
  const most = Math.max(...bins.map((bin) => bin.count));
  return (
    <figure>
      <figcaption>
        <h4 className="font-medium">{strings.title}</h4>
        <p className="mb-3 max-w-[60ch] text-ink-soft text-sm">{strings.lead}</p>
      </figcaption>
      <svg
        role="img"
        aria-label={strings.label}
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        className="w-full max-w-80 text-[9px]"
      >
        <rect
          x={x(0)}
          y={y(1)}
          width={x(1) - x(0)}
          height={y(0) - y(1)}
          className="fill-none stroke-line"
        />
        <line
          x1={x(0)}
          y1={y(0)}
          x2={x(1)}
          y2={y(1)}
          strokeDasharray="3 3"
          className="stroke-line-strong"
        />
        <polyline
          points={bins.map((bin) => `${x(bin.stated)},${y(bin.observed)}`).join(' ')}
          fill="none"
          className="stroke-accent"
          strokeWidth={1.5}
        />
        {bins.map((bin) => (
          <circle
            key={bin.stated}
            cx={x(bin.stated)}
            cy={y(bin.observed)}
            r={2.5 + 2 * Math.sqrt(bin.count / most)}
            className="fill-accent"
          >
            <title>{strings.bin(percent(bin.stated), percent(bin.observed), bin.count)}</title>
          </circle>
        ))}
        {[0, 0.5, 1].map((tick) => (
          <g key={tick} className="fill-ink-faint">
            <text x={x(tick)} y={SIDE - EDGE + 12} textAnchor="middle">
              {count(100 * tick)} %
            </text>
            <text x={EDGE - 5} y={y(tick) + 3} textAnchor="end">
              {count(100 * tick)} %
            </text>
          </g>
        ))}
        <text x={x(0.5)} y={SIDE - 6} textAnchor="middle" className="fill-ink-soft">
          {strings.x}
        </text>
        <text
          x={8}
          y={y(0.5)}
          textAnchor="middle"
          transform={`rotate(-90 8 ${y(0.5)})`}
          className="fill-ink-soft"
        >
          {strings.y}
        </text>
      </svg>
    </figure>
  );
}
