import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { artefactQuery } from '@/api/queries';
import type { Report } from '@/api/types';
import { Card } from '@/components/ui/card';
import { Playhead, PlayheadContext } from '@/lib/playhead';
import { evidence as strings } from '@/strings';
import { StillView } from './still-view';
import { VideoView } from './video-view';
import { VoiceView } from './voice-view';
import type { Waveform } from './waveform';

/** Browsers slow down pages that change their address at every turn. */
const ADDRESS_DELAY_MS = 400;

const VIEWS = { video: VideoView, image: StillView, audio: VoiceView } as const;

/** The media with what was found in it, in the view that suits its kind. */
export default function Evidence({ id, report }: { id: string; report: Report }) {
  const [playhead] = useState(() => new Playhead(momentOfAddress()));
  useMomentInAddress(playhead);
  const { data: waveform } = useQuery({
    ...artefactQuery<Waveform>(id, report.waveform ?? ''),
    enabled: report.waveform != null,
  });
  const View = VIEWS[report.media.kind];
  return (
    <PlayheadContext value={playhead}>
      <Card id="evidence" className="scroll-mt-14 p-5 sm:p-8">
        <h2 className="mb-5 font-serif text-2xl">{strings.title}</h2>
        <View id={id} report={report} waveform={waveform} />
      </Card>
    </PlayheadContext>
  );
}

/** `?t=12.3` names a moment; the address follows as people jump about, so that it can be sent on. */
function useMomentInAddress(playhead: Playhead): void {
  useEffect(() => {
    let timer = 0;
    const forget = playhead.onSought((time) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        history.replaceState(history.state, '', `?t=${time.toFixed(2)}${location.hash}`);
      }, ADDRESS_DELAY_MS);
    });
    return () => {
      clearTimeout(timer);
      forget();
    };
  }, [playhead]);
}

function momentOfAddress(): number {
  const time = Number.parseFloat(new URLSearchParams(location.search).get('t') ?? '');
  return Number.isFinite(time) ? Math.max(0, time) : 0;
}
