/** The examined sound. */
import type { ScoredWindow } from '@/api/types';
import { useColour } from '@/lib/evidence-scale';
import { percent } from '@/lib/format';
import type { TimeScale } from '@/lib/time-scale';
import { evidence as strings } from '@/strings';

/** The artefact that `report.waveform` names; see `waveform` in backend/assay/explain.py. */
export interface Waveform {
  spans: { start: number; end: number; peaks: [number, number][] }[];
  voiced: [number, number][];
}

interface PeaksProps {
  waveform: Waveform;
  windows: ScoredWindow[];
  scale: TimeScale;
  width: number;
  height: number;
}

/** Lowest and highest sample along the line, in the colour of the windows that heard them. */
export function Peaks({ waveform, windows, scale, width, height }: PeaksProps) {
  const colour = useColour();
  const loudest = Math.max(
    0.01,
    ...waveform.spans.flatMap(({ peaks }) => peaks.map(([low, high]) => Math.max(-low, high))),
  );
  const y = (sample: number) => 4 + height / 2 - (sample / loudest) * (height / 2);
  return (
    <>
      {windows.map((window, index) => {
        const x = scale.place(window.start) * width;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: windows have no identity but their place
            key={index}
            x={x}
            width={Math.max(1, scale.place(window.end) * width - x)}
            y={4}
            height={height}
            fill={colour(window.score)}
            fillOpacity={0.16}
          >
            <title>{strings.window(percent(window.score))}</title>
          </rect>
        );
      })}
      {waveform.spans.map(({ start, end, peaks }) => {
        const at = (index: number) =>
          scale.place(start + ((index + 0.5) / peaks.length) * (end - start)) * width;
        const d = peaks
          .map(
            ([low, high], index) =>
              `M${at(index).toFixed(1)},${y(high).toFixed(1)}V${(y(low) + 0.8).toFixed(1)}`,
          )
          .join('');
        return <path key={start} d={d} strokeWidth={1.2} className="stroke-ink-soft" />;
      })}
      {windows.map((window, index) => {
        const x = scale.place(window.start) * width;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: windows have no identity but their place
            key={index}
            x={x}
            width={Math.max(1, scale.place(window.end) * width - x - 1)}
            y={4 + height - 3}
            height={3}
            fill={colour(window.score)}
          />
        );
      })}
    </>
  );
}
