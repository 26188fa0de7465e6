import type { Hints, MediaInfo } from '@/api/types';
import { PacketBars } from '@/components/packet-bars';
import { bytes, clock, rounded } from '@/lib/format';
import { pipeline } from '@/strings';

const strings = pipeline.results;

/** What kind of file it is. */
export function IngestResult({ detail }: { detail: MediaInfo }) {
  const { video, audio, duration } = detail;
  const lines = [
    [detail.container, bytes(detail.sizeBytes), duration != null && clock(duration)],
    video && [
      video.codec,
      `${video.width} × ${video.height}`,
      video.fps && `${rounded(video.fps)} fps`,
    ],
    audio && [audio.codec, `${rounded(audio.sampleRate / 1000)} kHz`],
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
  const { gopSeconds, shotCuts, traces, packetKilobytes, credentials } = detail;
  return (
    <div className="flex h-full flex-col justify-between gap-2">
      <p>
        {[
          traces.length > 0 ? strings.traces(traces.length) : strings.noTraces,
          gopSeconds != null && strings.gop(rounded(gopSeconds)),
          shotCuts.length > 0 && strings.cuts(shotCuts.length),
          credentials && credentials.state !== 'absent' && strings.credentials[credentials.state],
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {packetKilobytes.length > 1 && <PacketBars kilobytes={packetKilobytes} className="h-8" />}
    </div>
  );
}
