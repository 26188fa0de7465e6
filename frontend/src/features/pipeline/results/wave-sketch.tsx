import { pipeline } from '@/strings';

/** The examined sound, lowest and highest sample slice by slice. */
export function WaveSketch({ peaks }: { peaks: [number, number][] }) {
  const loudest = Math.max(0.01, ...peaks.map(([low, high]) => Math.max(-low, high)));
  const d = peaks
    .map(
      ([low, high], x) =>
        `M${x + 0.5},${5 - (4.8 * high) / loudest}V${5.2 - (4.8 * low) / loudest}`,
    )
    .join('');
  return (
    <svg
      role="img"
      aria-label={pipeline.results.waveform}
      viewBox={`0 0 ${peaks.length} 10`}
      preserveAspectRatio="none"
      className="h-5 w-full shrink-0"
    >
      <path d={d} className="stroke-line-strong" strokeWidth="0.8" />
    </svg>
  );
}
