import type { Report } from '@/api/types';
import { type Moment, moments, suspicion } from '@/lib/faces';
import { percent } from '@/lib/format';
import { artefactUrl } from '@/lib/links';
import { usePlayhead } from '@/lib/playhead';
import { evidence as strings } from '@/strings';

const MOST = 12;

interface MomentsProps {
  id: string;
  report: Report;
  heat: boolean;
}

/** The faces that speak most for a forgery, with what the models saw in them. */
export function Moments({ id, report, heat }: MomentsProps) {
  const shown = moments(report.persons)
    .filter((moment) => moment.crop)
    .slice(0, MOST);
  const isVideo = report.media.kind === 'video';
  if (shown.length === 0) return null;
  return (
    <div>
      <h3 className="font-medium">{strings.momentsTitle}</h3>
      <p className="mb-3 text-ink-soft text-sm">{strings.momentsLead}</p>
      <ul className="grid grid-cols-4 gap-2 sm:grid-cols-6 lg:grid-cols-12">
        {shown.map((moment) => (
          <li key={`${moment.person}-${moment.time}-${moment.box.x}`}>
            <Face id={id} moment={moment} heat={heat} withTime={isVideo} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FaceProps {
  id: string;
  moment: Moment;
  heat: boolean;
  withTime: boolean;
}

function Face({ id, moment, heat, withTime }: FaceProps) {
  const playhead = usePlayhead();
  const score = percent(suspicion(moment));
  return (
    <button
      type="button"
      onClick={() => playhead.seek(moment.time)}
      className="group block w-full text-left"
    >
      <span className="relative block aspect-square overflow-hidden rounded-lg bg-sunken">
        {moment.crop && (
          <img src={artefactUrl(id, moment.crop)} alt="" loading="lazy" className="size-full" />
        )}
        {heat && moment.heatmap && (
          <img
            src={artefactUrl(id, moment.heatmap)}
            alt=""
            loading="lazy"
            className="absolute inset-0 size-full opacity-80 transition-opacity group-hover:opacity-0"
          />
        )}
      </span>
      <span className="mt-1 flex justify-between text-xs tabular-nums">
        <span className="text-ink-soft">
          <span className="sr-only">{strings.person(moment.person + 1)} </span>
          {withTime && `${moment.time.toFixed(1)} s`}
        </span>
        <span className="font-medium">{score} %</span>
      </span>
    </button>
  );
}
