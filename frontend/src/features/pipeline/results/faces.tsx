import { pipeline } from '@/strings';
import type { Details } from '.';

const strings = pipeline.results;

/** Who is in the picture, and how much is said. */
export function FacesResult({ detail }: { detail: Details['faces'] }) {
  const { persons, faces, voicedSeconds } = detail;
  return (
    <ul className="tabular-nums">
      <li>
        {persons > 0 ? `${strings.people(persons)} · ${strings.faces(faces)}` : strings.noFaces}
      </li>
      {voicedSeconds != null && <li>{strings.voiced(voicedSeconds.toFixed(1))}</li>}
    </ul>
  );
}
