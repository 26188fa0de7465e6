import type { ScoredWindow } from '@/api/types';
import { useColour } from '@/lib/evidence-scale';
import { pipeline } from '@/strings';

/** Scored spans of time as bars: tall means suspect. */
export function WindowsSketch({ windows }: { windows: ScoredWindow[] }) {
  const colour = useColour();
  const start = Math.min(...windows.map((window) => window.start));
  const end = Math.max(...windows.map((window) => window.end));
  const scale = 100 / Math.max(0.001, end - start);
  return (
    <svg
      role="img"
      aria-label={pipeline.results.windows}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      className="h-6 w-full"
    >
      <line
        x1="0"
        x2="100"
        y1="5"
        y2="5"
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      {windows.map((window) => (
        <rect
          key={window.start}
          x={(window.start - start) * scale}
          width={Math.max(0.6, (window.end - window.start) * scale - 0.5)}
          y={10 - Math.max(0.6, 10 * window.score)}
          height={Math.max(0.6, 10 * window.score)}
          fill={colour(window.score)}
          fillOpacity={0.75}
        />
      ))}
    </svg>
  );
}
