import type { Report } from '@/api/types';
import { Glossed } from '@/components/glossed';
import { faceScore, leadingBranch, type Moment, moments } from '@/lib/faces';
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

/** The faces that counted most, with what the models saw in them; else those that were examined. */
export function Moments({ id, report, heat }: MomentsProps) {
  const leading = leadingBranch(report);
  const words = strings.moments[leading ?? 'none'];
  const shown = moments(report)
    .filter((moment) => moment.crop)
    .slice(0, MOST);
  const isVideo = report.media.kind === 'video';
  if (shown.length === 0) return null;
  return (
    <div>
      <h3 className="font-medium">{words.title}</h3>
      <p className="mb-3 text-ink-soft text-sm">
        <Glossed text={words.lead} />
      </p>
      <ul className="grid grid-cols-4 gap-2 sm:grid-cols-6 lg:grid-cols-12">
        {shown.map((moment) => (
          <li key={`${moment.person}-${moment.time}-${moment.box.x}`}>
            <Face
              id={id}
              moment={moment}
              score={leading && faceScore(moment, leading)}
              heat={heat}
              withTime={isVideo}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FaceProps {
  id: string;
  moment: Moment;
  /** Of the branch that counted most; null where none did. */
  score: number | null;
  heat: boolean;
  withTime: boolean;
}

function Face({ id, moment, score, heat, withTime }: FaceProps) {
  const playhead = usePlayhead();
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
        {score !== null && <span className="font-medium">{percent(score)} %</span>}
      </span>
    </button>
  );
}
