/** How much of the media the verdict rests on, in words. */
import type { Coverage, Extent } from '@/api/types';
import { coverage as strings } from '@/strings';
import { rounded } from './format';

/** "Examined: 30 s of 60 min of sound, 8 s of 28 s of picture, 3 of 6 faces". */
export function coverageLine(coverage: Coverage): string {
  return strings.examined(covered(coverage).join(', '));
}

/** Its parts. */
export function covered({ sound, picture, people }: Coverage): string[] {
  return [
    sound && strings.sound(share(sound)),
    picture && strings.picture(share(picture)),
    people && (people.of === 0 ? strings.noFace : strings.faces(people.examined, people.of)),
  ].filter((part): part is string => Boolean(part));
}

/** What is left of it, a sentence each. */
export function uncovered({ sound, picture }: Coverage): string[] {
  return [
    sound && isPart(sound) && strings.soundLeft(length(left(sound))),
    picture && isPart(picture) && strings.pictureLeft(length(left(picture))),
  ].filter((line): line is string => Boolean(line));
}

/** Whether a part of the picture or of the sound was left out. */
export function isPartial({ sound, picture }: Coverage): boolean {
  return [sound, picture].some((extent) => extent && isPart(extent));
}

/** Containers count their length to a tenth of a second or so. */
const ROUNDING = 0.3;

function left({ examined, of }: Extent): number {
  return (of ?? examined) - examined;
}

function isPart(extent: Extent): boolean {
  return left(extent) > ROUNDING;
}

function share(extent: Extent): string {
  const { examined, of } = extent;
  if (of === null) return length(examined);
  return isPart(extent) ? strings.part(length(examined), length(of)) : strings.all(length(of));
}

/** Seconds up to two minutes, else whole minutes. */
function length(seconds: number): string {
  if (seconds < 10) return `${rounded(seconds)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
