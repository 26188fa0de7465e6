import type { Report } from '@/api/types';
import { faceScore, leadingBranch, moments } from '@/lib/faces';
import { exactClock, percent } from '@/lib/format';
import { artefactUrl } from '@/lib/links';
import { report as strings } from '@/strings';

const MOST = 8;

/** The faces that counted most, bare and with the heatmap; where none did, as they were examined. */
export function Faces({ id, report }: { id: string; report: Report }) {
  const leading = leadingBranch(report);
  const shown = moments(report)
    .filter(({ crop }) => crop)
    .slice(0, MOST);
  const isVideo = report.media.kind === 'video';
  if (shown.length === 0) return null;
  return (
    <>
      <h2>{leading ? strings.faces : strings.facesExamined}</h2>
      {leading && <p className="soft">{strings.facesLead}</p>}
      <ul className="faces">
        {shown.map((face) => {
          const score = leading && faceScore(face, leading);
          const words = [
            strings.person(face.person + 1),
            isVideo && exactClock(face.time),
            score !== null && `${percent(score)} %`,
          ];
          const crop = artefactUrl(id, face.crop ?? '');
          return (
            <li key={face.crop}>
              <span className="pair">
                <span>
                  <img src={crop} alt="" />
                </span>
                {leading && (
                  <span>
                    <img src={crop} alt="" />
                    {face.heatmap && <img src={artefactUrl(id, face.heatmap)} alt="" />}
                  </span>
                )}
              </span>
              <small>{words.filter(Boolean).join(', ')}</small>
            </li>
          );
        })}
      </ul>
    </>
  );
}
