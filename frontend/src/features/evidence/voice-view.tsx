import { useRef } from 'react';
import { SweepPanel } from '@/features/further/sweep-panel';
import { useBroken } from '@/hooks/use-broken';
import { useMediaTime } from '@/hooks/use-media-time';
import { useUploadStored } from '@/hooks/use-upload-stored';
import { evidence as strings } from '@/strings';
import { SoundPlayer } from './sound-player';
import { Timeline } from './timeline';
import type { ViewProps } from './view-props';

/** The recording as a waveform, coloured by what the voice branch heard. */
export function VoiceView({ id, report, waveform }: ViewProps) {
  const ref = useRef<HTMLAudioElement>(null);
  const broken = useBroken(ref);
  const stored = useUploadStored(id, broken);
  useMediaTime(ref);
  return (
    <div className="flex flex-col gap-6">
      {broken || !stored ? (
        <p className="rounded-xl bg-sunken p-6 text-center text-ink-soft">
          {stored ? strings.cannotPlay : strings.gone}
        </p>
      ) : (
        <SoundPlayer id={id} ref={ref} preload="auto" className="w-full" />
      )}
      <div>
        <p className="mb-4 text-ink-soft text-sm">{strings.timelineLead}</p>
        <Timeline report={report} waveform={waveform} laneHeight={120} />
        {report.sweep && <SweepPanel id={id} sweep={report.sweep} />}
      </div>
    </div>
  );
}
