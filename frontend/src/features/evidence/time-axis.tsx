import { clock } from '@/lib/format';
import type { TimeScale } from '@/lib/time-scale';

/** Least distance between two labels, pixels. */
const SPACING = 72;
const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

interface TimeAxisProps {
  scale: TimeScale;
  width: number;
  duration: number;
}

/** Times under a line; those that fall into a break or too near to another are left out. */
export function TimeAxis({ scale, width, duration }: TimeAxisProps) {
  const most = width / SPACING;
  const shown = scale.breaks.length > 0 ? duration / 200 : duration / most;
  const step = STEPS.find((each) => each >= shown) ?? 3600;
  const ticks: { time: number; x: number }[] = [];
  for (let time = 0; time <= duration + 0.01; time += step) {
    const x = scale.place(time) * width;
    const isReal = Math.abs(scale.time(x / width) - time) < 0.01;
    if (isReal && x - (ticks.at(-1)?.x ?? -SPACING) >= SPACING) ticks.push({ time, x });
  }
  return (
    <div aria-hidden className="relative h-6 text-ink-faint text-xs tabular-nums">
      {ticks.map(({ time, x }) => (
        <span
          key={time}
          className="absolute top-1 whitespace-nowrap"
          style={{
            left: x,
            transform:
              x > width - 24 ? 'translateX(-100%)' : x > 8 ? 'translateX(-50%)' : undefined,
          }}
        >
          {step < 1 ? `${time.toFixed(1)} s` : clock(time)}
        </span>
      ))}
    </div>
  );
}
