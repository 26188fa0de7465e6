import type { Hints, MediaInfo, Report } from '@/api/types';
import { Facts } from '@/components/facts';
import { Hash } from '@/components/hash';
import { PacketBars } from '@/components/packet-bars';
import { Card } from '@/components/ui/card';
import { bytes, clock, exactClock, percent, readableMoment, rounded } from '@/lib/format';
import { credentials, service, file as strings } from '@/strings';
import { CredentialsPanel } from './credentials';

const { facts } = strings;

/** Everything about the file that is context: container, stream, metadata, and how it was read. */
export function FileFacts({ report }: { report: Report }) {
  const { media, hints } = report;
  return (
    <Card id="file" className="scroll-mt-14 p-5 sm:p-8">
      <h2 className="font-serif text-2xl">{strings.title}</h2>
      <p className="mt-1 mb-6 max-w-2xl text-ink-soft">{strings.lead}</p>
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-2">
        <Section title={strings.factsTitle}>
          <Facts
            facts={[...mediaFacts(media), [facts.hash, <Hash key="hash" value={media.sha256} />]]}
          />
        </Section>
        <Section title={strings.tracesTitle}>
          <Lines lines={(hints?.traces ?? []).map(service)} none={strings.noTraces} />
        </Section>
        {hints?.credentials && (
          <Section title={credentials.title}>
            <CredentialsPanel credentials={hints.credentials} />
          </Section>
        )}
        {hints && hints.packetKilobytes.length > 1 && (
          <Section title={strings.streamTitle}>
            <PacketBars kilobytes={hints.packetKilobytes} className="mb-4 h-16" />
            <Facts facts={streamFacts(hints)} />
          </Section>
        )}
        <Section title={strings.tagsTitle}>
          {Object.keys(media.tags).length > 0 ? (
            <Facts facts={Object.entries(media.tags)} />
          ) : (
            <p className="text-sm">{strings.noTags}</p>
          )}
        </Section>
        <Section title={strings.provenanceTitle}>
          <Facts
            facts={[
              [strings.version, report.version],
              [strings.edges, edges(report)],
              [strings.pipeline, <Hash key="pipeline" value={report.pipeline} />],
            ]}
          />
          <h4 className="mt-3 mb-1 text-ink-soft text-sm">{strings.models}</h4>
          <Facts
            facts={Object.entries(report.models).map(([name, hash]) => [
              name,
              <Hash key={name} value={hash} />,
            ])}
          />
        </Section>
      </div>
    </Card>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-3 font-medium">{title}</h3>
      {children}
    </section>
  );
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <p className="text-sm">{none}</p>;
  return (
    <ul className="space-y-1.5 text-sm">
      {lines.map((line) => (
        <li key={line} className="border-line-strong border-l-2 pl-3">
          {line}
        </li>
      ))}
    </ul>
  );
}

/** Container and streams in words. */
export function mediaFacts({
  kind,
  container,
  sizeBytes,
  duration,
  video,
  audio,
  reader,
}: MediaInfo) {
  const picture = video && [
    `${video.codec}, ${video.width} × ${video.height}`,
    kind === 'video' && video.fps != null && strings.fps(rounded(video.fps)),
    video.rotation > 0 && strings.rotated(video.rotation),
  ];
  return [
    [facts.kind, `${strings.kind[kind]}, ${container}`],
    [facts.size, bytes(sizeBytes)],
    [facts.duration, duration != null && clock(duration)],
    [facts.picture, picture?.filter(Boolean).join(', ')],
    [
      facts.sound,
      audio && `${audio.codec}, ${strings.rate(rounded(audio.sampleRate / 1000), audio.channels)}`,
    ],
    [facts.reader, strings.readers[reader]],
  ] as const;
}

function edges({ calibration }: Report): string {
  if (!calibration) return strings.shippedEdges;
  const { name, real, made, falseAlarms } = calibration;
  return strings.ownEdges(name, real, readableMoment(made), percent(falseAlarms));
}

function streamFacts({ gopSeconds, pictureTypes, motion, shotCuts, encoder }: Hints) {
  const { stream } = strings;
  const types = Object.entries(pictureTypes).map(([type, count]) => `${type} ${count}`);
  return [
    [stream.gop, gopSeconds != null && strings.seconds(rounded(gopSeconds))],
    [stream.types, types.join(' · ')],
    [stream.motion, motion != null && strings.motion(rounded(100 * motion))],
    [stream.cuts, shotCuts.map(exactClock).join(', ')],
    [stream.encoder, encoder],
  ] as const;
}
