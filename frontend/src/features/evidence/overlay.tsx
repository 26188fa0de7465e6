import type { Box, BystanderEvidence, FacePoint, PersonEvidence, Report } from '@/api/types';
import { useColour } from '@/lib/evidence-scale';
import { faceAt, faceScore, heatmapAt, leadingBranch } from '@/lib/faces';
import { percent } from '@/lib/format';
import { artefactUrl } from '@/lib/links';
import { useTime } from '@/lib/playhead';
import { evidence as strings } from '@/strings';
import type { Layers } from './layer-switches';

export interface OverlayProps {
  /** Of the analysis, for its artefacts. */
  id: string;
  report: Report;
  /** Of the picture in pixels: the unit of all boxes. */
  width: number;
  height: number;
  shows: Layers;
}

/** Boxes and heatmaps over a picture, at the playhead's moment. Draws, and fetches nothing else. */
export function Overlay({ id, report, width, height, shows }: OverlayProps) {
  const time = useTime();
  const leading = leadingBranch(report);
  // In pixels of the picture, so that a line looks as thick on a phone as on a wall.
  const unit = Math.max(width, height) / 100;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      className="pointer-events-none absolute inset-0 size-full"
    >
      {shows.boxes &&
        report.bystanders.map(({ reason, sightings }, index) => {
          const seen = faceAt(sightings, time);
          // biome-ignore lint/suspicious/noArrayIndexKey: nobody knows who they are
          return seen && <PassedOver key={index} box={seen.box} reason={reason} unit={unit} />;
        })}
      {report.persons.map((person) => {
        const face = faceAt(person.faces, time);
        const heat = shows.heat ? heatmapAt(person, time) : null;
        return (
          <g key={person.person}>
            {heat?.heatmap && heat.square && (
              <image href={artefactUrl(id, heat.heatmap)} {...heat.square} opacity={0.6} />
            )}
            {shows.boxes && face && (
              <FaceBox
                person={person}
                face={face}
                score={leading && faceScore(face, leading)}
                unit={unit}
                right={width}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** A box that is seen on light and on dark pictures: its line lies on a broader, dark one. */
function Outline({
  box: { x, y, width, height },
  radius,
  thickness: [ground, line],
  colour,
  dashes,
}: {
  box: Box;
  radius: number;
  /** Of the ground and of the line on it. */
  thickness: readonly [number, number];
  colour: string;
  dashes?: string;
}) {
  const shape = { x, y, width, height, rx: radius, fill: 'none' };
  return (
    <>
      <rect {...shape} stroke="black" strokeOpacity={0.45} strokeWidth={ground} />
      <rect
        {...shape}
        stroke={colour}
        strokeWidth={line}
        strokeDasharray={dashes}
        className="[color-scheme:dark]"
      />
    </>
  );
}

/** A face that was not examined: dashed, without a number. */
function PassedOver({
  box: { x, y, width, height },
  reason,
  unit,
}: {
  box: Box;
  reason: BystanderEvidence['reason'];
  unit: number;
}) {
  const size = 1.6 * unit;
  return (
    <g>
      <Outline
        box={{ x, y, width, height }}
        radius={unit * 0.4}
        thickness={[unit * 0.5, unit * 0.25]}
        colour="white"
        dashes={`${unit} ${unit * 0.6}`}
      />
      <text
        x={x}
        y={y + height + 1.1 * size}
        fontSize={size}
        fill="white"
        stroke="black"
        strokeWidth={unit * 0.35}
        paintOrder="stroke"
      >
        {strings.passedOver[reason]}
      </text>
    </g>
  );
}

function FaceBox({
  person,
  face,
  score,
  unit,
  right,
}: {
  person: PersonEvidence;
  face: FacePoint;
  /** Of the branch that counted most; null where none did. */
  score: number | null;
  unit: number;
  /** Edge of the picture, which names do not cross. */
  right: number;
}) {
  const colour = useColour();
  const { x, y } = face.box;
  const name = strings.person(person.person + 1);
  const text = score === null ? name : strings.boxScored(person.person + 1, percent(score));
  const size = 2.2 * unit;
  const long = text.length * size * 0.56 + size;
  const left = Math.max(0, Math.min(x, right - long));
  // Above the box where there is room, else inside it.
  const top = y > 1.7 * size ? y - 1.6 * size : y;
  return (
    <g>
      <Outline
        box={face.box}
        radius={unit * 0.6}
        thickness={[unit * 0.8, unit * 0.45]}
        colour={score === null ? 'white' : colour(score)}
      />
      <rect
        x={left}
        y={top}
        width={long}
        height={1.5 * size}
        rx={unit * 0.5}
        fill="black"
        fillOpacity={0.75}
      />
      <text x={left + size / 2} y={top + 1.08 * size} fontSize={size} fill="white">
        {text}
      </text>
    </g>
  );
}
