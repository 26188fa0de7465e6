import type { Hints, MediaInfo } from '@/api/types';
import { bytes, clock } from '@/lib/format';
import { pipeline } from '@/strings';

const strings = pipeline.results;
const MOST_BARS = 60;

/** What kind of file it is. */
export function IngestResult({ detail }: { detail: MediaInfo }) {
  const { video, audio, duration } = detail;
  const lines = [
    [detail.container, bytes(detail.sizeBytes), duration != null && clock(duration)],
    video && [
      video.codec,
      `${video.width} × ${video.height}`,
      video.fps && `${round(video.fps)} fps`,
    ],
    audio && [audio.codec, `${round(audio.sampleRate / 1000)} kHz`],
  ];
  return (
    <ul className="tabular-nums">
      {lines.map(
        (parts) => parts && <li key={String(parts[0])}>{parts.filter(Boolean).join(' · ')}</li>,
      )}
    </ul>
  );
}

/** The rhythm of the compressed stream, and how many traces of editing it shows. */
export function HintsResult({ detail }: { detail: Hints }) {
  const { gopSeconds, shotCuts = [], traces = [], packetKilobytes = [] } = detail;
  return (
    <div className="flex h-full flex-col justify-between gap-2">
      <p>
        {[
          traces.length > 0 ? strings.traces(traces.length) : strings.noTraces,
          gopSeconds != null && strings.gop(round(gopSeconds)),
          shotCuts.length > 0 && strings.cuts(shotCuts.length),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {packetKilobytes.length > 1 && <Bars values={packetKilobytes} />}
    </div>
  );
}

function Bars({ values }: { values: number[] }) {
  const step = Math.max(1, Math.ceil(values.length / MOST_BARS));
  const bars = Array.from({ length: Math.ceil(values.length / step) }, (_, index) =>
    Math.max(...values.slice(index * step, (index + 1) * step)),
  );
  const top = Math.max(...bars);
  return (
    <svg
      role="img"
      aria-label={strings.packets}
      viewBox={`0 0 ${bars.length} 10`}
      preserveAspectRatio="none"
      className="h-8 w-full"
    >
      {bars.map((value, index) => {
        const height = top > 0 ? Math.max(0.4, (10 * value) / top) : 0.4;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity but their place
            key={index}
            x={index + 0.15}
            y={10 - height}
            width={0.7}
            height={height}
            className="fill-line-strong"
          />
        );
      })}
    </svg>
  );
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
