import { Crosshair } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { SweepPanel } from '@/features/further/sweep-panel';
import { leadingBranch, moments } from '@/lib/faces';
import { usePlayhead } from '@/lib/playhead';
import { service, evidence as strings } from '@/strings';
import { FIRST_LAYERS, LayerSwitches } from './layer-switches';
import { Moments } from './moments';
import { OffsetChart } from './offset-chart';
import { Persons } from './persons';
import { Player } from './player';
import { Timeline } from './timeline';
import type { ViewProps } from './view-props';

/** Player with overlay, persons beside it, the timeline under it. */
export function VideoView({ id, report, waveform }: ViewProps) {
  const [shows, setShows] = useState(FIRST_LAYERS);
  const playhead = usePlayhead();
  const leading = leadingBranch(report) && moments(report)[0];
  const sync = report.branches.av_sync;
  const hasCuts = (report.hints?.shotCuts ?? []).length > 0;
  const isLong = (report.media.duration ?? 0) > 30;
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          <Player id={id} report={report} shows={shows}>
            <LayerSwitches shows={shows} onChange={setShows} />
            {leading && (
              <Button className="min-h-9" onClick={() => playhead.seek(leading.time)}>
                <Crosshair size={15} aria-hidden />
                {strings.leading}
              </Button>
            )}
          </Player>
        </div>
        <Persons id={id} report={report} />
      </div>
      <div>
        <h3 className="font-medium">{strings.timelineTitle}</h3>
        <p className="mb-4 text-ink-soft text-sm">
          {strings.timelineLead} {hasCuts && strings.cutsMarked} {isLong && strings.skippedParts}
        </p>
        <Timeline report={report} waveform={waveform} />
        {report.sweep && <SweepPanel id={id} sweep={report.sweep} />}
      </div>
      <Moments id={id} report={report} heat={shows.heat} />
      {sync?.offsetCurve && (
        <OffsetChart curve={sync.offsetCurve} sentence={service(sync.sentence)} />
      )}
    </div>
  );
}
