import type { Report } from '@/api/types';
import { moments, suspicion } from '@/lib/faces';
import { exactClock, percent } from '@/lib/format';
import { artefactUrl } from '@/lib/links';
import { report as strings } from '@/strings';

const MOST = 8;

/** The faces that speak most for a forgery, bare and with the heatmap. */
export function Faces({ id, report }: { id: string; report: Report }) {
  const shown = moments(report.persons)
    .filter(({ crop }) => crop)
    .slice(0, MOST);
  const isVideo = report.media.kind === 'video';
  if (shown.length === 0) return null;
  return (
    <>
      <h2>{strings.faces}</h2>
      <p className="soft">{strings.facesLead}</p>
      <ul className="faces">
        {shown.map((face) => {
          const score = percent(suspicion(face));
          const crop = artefactUrl(id, face.crop ?? '');
          return (
            <li key={face.crop}>
              <span className="pair">
                <span>
                  <img src={crop} alt="" />
                </span>
                <span>
                  <img src={crop} alt="" />
                  {face.heatmap && <img src={artefactUrl(id, face.heatmap)} alt="" />}
                </span>
              </span>
              <small>
                {isVideo
                  ? strings.faceAt(face.person + 1, exactClock(face.time), score)
                  : strings.face(face.person + 1, score)}
              </small>
            </li>
          );
        })}
      </ul>
    </>
  );
}
