/** What was asked of an examination, in words. */
import type { Asked } from '@/api/types';
import { further } from '@/strings';
import { clock, exactClock } from './format';

const strings = further.asked;

/** Its parts; none where nothing in particular was asked. */
export function askedParts({ full, thorough, start, end, face }: Asked): string[] {
  return [
    thorough && strings.thorough,
    full && strings.full,
    range(start ?? null, end ?? null),
    face && (face.time > 0 ? strings.face(clock(face.time)) : strings.faceInStill),
  ].filter((part): part is string => Boolean(part));
}

/** In one line. */
export function askedWords(asked: Asked): string {
  return askedParts(asked).join(', ') || strings.usual;
}

function range(start: number | null, end: number | null): string | null {
  if (start !== null && end !== null) return strings.between(at(start), at(end));
  if (start !== null) return strings.from(at(start));
  return end === null ? null : strings.until(at(end));
}

function at(seconds: number): string {
  return Number.isInteger(seconds) ? clock(seconds) : exactClock(seconds);
}
