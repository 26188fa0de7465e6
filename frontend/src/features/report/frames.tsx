import type { Report, StoredFrame } from '@/api/types';
import { faceAt, leadingBranch, moments } from '@/lib/faces';
import { exactClock } from '@/lib/format';
import { nearestFrame } from '@/lib/frames';
import { artefactUrl } from '@/lib/links';
import { report as strings } from '@/strings';

const MOST = 6;

/** Whole pictures of the media, with everybody who was examined in a box. */
export function Frames({ id, report }: { id: string; report: Report }) {
  const shown = framesToShow(report);
  const { kind, video } = report.media;
  if (shown.length === 0 || !video) return null;
  return (
    <>
      <h2>{strings.frames}</h2>
      <p className="soft">{strings.framesLead}</p>
      <ul className={shown.length === 1 ? 'frames only' : 'frames'}>
        {shown.map((frame) => (
          <li key={frame.picture}>
            <span className="frame" style={{ aspectRatio: `${video.width} / ${video.height}` }}>
              <img src={artefactUrl(id, frame.picture)} alt="" />
              <svg aria-hidden="true" viewBox={`0 0 ${video.width} ${video.height}`}>
                {report.persons.map(({ person, faces }) => {
                  const face = faceAt(faces, frame.time);
                  return face && <rect key={person} {...face.box} />;
                })}
              </svg>
            </span>
            {kind === 'video' && <small>{exactClock(frame.time)}</small>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A few of the stored pictures: the one nearest to what counted most, and others evenly spread. */
export function framesToShow(
  report: Pick<Report, 'frames' | 'persons' | 'verdict' | 'fusion'>,
): StoredFrame[] {
  const { frames } = report;
  if (frames.length <= MOST) return frames;
  const step = (frames.length - 1) / (MOST - 1);
  const chosen = new Set(Array.from({ length: MOST }, (_, index) => Math.round(index * step)));
  const [most] = leadingBranch(report) ? moments(report) : [];
  if (most) {
    const nearest = nearestFrame(frames, most.time);
    if (nearest && !chosen.has(frames.indexOf(nearest))) {
      chosen.delete(Math.round(step));
      chosen.add(frames.indexOf(nearest));
    }
  }
  return frames.filter((_, index) => chosen.has(index));
}
