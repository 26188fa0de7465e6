/** Questions about the faces of a report. */
import type { FacePoint, PersonEvidence, Report, Sighting } from '@/api/types';
import type { Span } from './time-scale';

export interface Moment extends FacePoint {
  person: number;
}

/** Faces are examined four times a second; a longer gap than this is not bridged. */
const LONGEST_GAP = 0.4;
/** How far from its moment a picture may still be shown over the video, seconds. */
const NEAR = 0.13;

export function suspicion(face: FacePoint): number {
  return Math.max(face.visualScore ?? 0, face.gateScore ?? 0);
}

/** Every examined face, the most suspect first. */
export function moments(persons: readonly PersonEvidence[]): Moment[] {
  return persons
    .flatMap(({ person, faces }) => faces.map((face) => ({ ...face, person })))
    .sort((a, b) => suspicion(b) - suspicion(a));
}

/** Where a face is at a time: between two moments that show it, in between; else null. */
export function faceAt<T extends Sighting>(faces: readonly T[], time: number): T | null {
  const after = faces.findIndex((face) => face.time >= time);
  const next = after < 0 ? undefined : faces[after];
  const last = after < 0 ? faces.at(-1) : faces[after - 1];
  if (next && last && next.time - last.time <= LONGEST_GAP) {
    return between(last, next, (time - last.time) / (next.time - last.time || 1));
  }
  const near = [last, next].find((face) => face && Math.abs(face.time - time) <= NEAR);
  return near ?? null;
}

function between<T extends Sighting>(a: T, b: T, share: number): T {
  const mix = (x: number, y: number) => x + (y - x) * share;
  const closer = share < 0.5 ? a : b;
  return {
    ...closer,
    box: {
      x: mix(a.box.x, b.box.x),
      y: mix(a.box.y, b.box.y),
      width: mix(a.box.width, b.box.width),
      height: mix(a.box.height, b.box.height),
    },
  };
}

/** The examined face of a person whose heatmap belongs to this time, if any does. */
export function heatmapAt(person: PersonEvidence, time: number): FacePoint | null {
  const near = person.faces
    .filter((face) => face.heatmap && Math.abs(face.time - time) <= NEAR)
    .sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time));
  return near[0] ?? null;
}

/** Stretches of the media in which anything was examined. */
export function examinedSpans(report: Report): Span[] {
  const seen = report.persons.flatMap(({ faces }) =>
    faces.map(({ time }) => ({ start: time, end: time + 0.25 })),
  );
  const heard = Object.values(report.branches).flatMap(({ windows }) => windows);
  return [...seen, ...heard];
}
