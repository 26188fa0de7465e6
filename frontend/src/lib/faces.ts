/** Questions about the faces of a report. */
import type { FacePoint, PersonEvidence, Report, Sighting } from '@/api/types';
import { branchShare } from './shares';
import type { Span } from './time-scale';

export interface Moment extends FacePoint {
  person: number;
}

/** Faces are examined four times a second; a longer gap than this is not bridged. */
const LONGEST_GAP = 0.4;
/** How far from its moment a picture may still be shown over the video, seconds. */
const NEAR = 0.13;

/** A branch that scores single faces. */
export type FaceBranch = 'visual' | 'gate';

/**
 * The branch whose scores of single faces spoke most for a forgery; null where neither did, or no
 * forgery was found: then no face is called suspect.
 */
export function leadingBranch(report: Pick<Report, 'verdict' | 'fusion'>): FaceBranch | null {
  if (report.verdict === 'Authentic') return null;
  const [visual, gate] = [branchShare('visual', report), branchShare('gate', report)];
  if (Math.max(visual, gate) <= 0) return null;
  return visual >= gate ? 'visual' : 'gate';
}

export function faceScore(face: FacePoint, branch: FaceBranch): number | null {
  return (branch === 'visual' ? face.visualScore : face.gateScore) ?? null;
}

/** Every examined face: those that counted most first; in order of time where none did. */
export function moments(report: Pick<Report, 'persons' | 'verdict' | 'fusion'>): Moment[] {
  const leading = leadingBranch(report);
  const faces = report.persons.flatMap(({ person, faces }) =>
    faces.map((face) => ({ ...face, person })),
  );
  if (!leading) return faces.sort((a, b) => a.time - b.time);
  const rank = (face: FacePoint) => faceScore(face, leading) ?? -1;
  return faces.sort((a, b) => rank(b) - rank(a));
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
  const { pictures = [], voice = [], step = 0 } = report.sweep ?? {};
  const swept = pictures.map(({ time }) => ({ start: time, end: time + step }));
  return [...seen, ...heard, ...swept, ...voice];
}
