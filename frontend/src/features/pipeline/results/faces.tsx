import { pipeline } from '@/strings';
import type { Details } from './details';
import { WaveSketch } from './wave-sketch';

const strings = pipeline.results;

/** Who is in the picture, and how much is said. */
export function FacesResult({ detail }: { detail: Details['faces'] }) {
  const { persons, faces, voicedSeconds, thumbnails, waveform } = detail;
  return (
    <div className="flex h-full flex-col gap-1.5">
      {thumbnails.length > 0 && (
        <ul aria-hidden className="flex shrink-0 gap-1">
          {thumbnails.map((face) => (
            <li key={face} className="min-w-0 max-w-10 flex-1 basis-0">
              <img src={face} alt="" className="aspect-square w-full rounded object-cover" />
            </li>
          ))}
        </ul>
      )}
      <p className="tabular-nums">
        {persons > 0 ? `${strings.people(persons)} · ${strings.faces(faces)}` : strings.noFaces}
      </p>
      {waveform.length > 1 && <WaveSketch peaks={waveform} />}
      {voicedSeconds != null && (
        <p className="tabular-nums">{strings.voiced(voicedSeconds.toFixed(1))}</p>
      )}
    </div>
  );
}
