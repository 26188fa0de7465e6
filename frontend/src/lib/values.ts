/** What the timeline says about one moment, in words: for fingers, keyboards and screen readers. */
import type { Report, ScoredWindow, Sweep } from '@/api/types';
import { further, evidence as strings } from '@/strings';
import { exactClock, percent } from './format';

/** How far a face may lie from the moment, seconds: they are examined four times a second. */
const NEAR = 0.2;

/** "Shot 2 of 3", "Faces 91 %", "Voice 18 %": each lane's value at a moment, where it has one. */
export function valuesAt(report: Report, time: number): string[] {
  const { persons, branches, hints, sweep, timeline } = report;
  const { lanes, values } = strings;
  const near = persons
    .flatMap(({ faces }) => faces)
    .filter((face) => Math.abs(face.time - time) <= NEAR);
  const offset = timeline.find(({ second }) => second === Math.floor(time))?.syncOffset;
  const scores = [
    [lanes.visual, highest(near.map(({ visualScore }) => visualScore))],
    [lanes.gate, highest(near.map(({ gateScore }) => gateScore))],
    [lanes.temporal, during(branches.temporal?.windows ?? [], time)],
    [lanes.voice, during(branches.audio?.windows ?? [], time)],
    [further.sweep.lanes.faces, swept(sweep, time)],
    [further.sweep.lanes.voice, during(sweep?.voice ?? [], time)],
  ] as const;
  const told = scores.flatMap(([name, score]) =>
    score === null ? [] : [values.score(name, percent(score))],
  );
  if (offset != null) told.push(strings.offset(Math.round(1000 * offset)));
  const cuts = hints?.shotCuts ?? [];
  if (cuts.length === 0) return told;
  const shot = cuts.filter((cut) => cut <= time).length + 1;
  return [values.shot(shot, cuts.length + 1), ...told];
}

/** The same in a line, with the moment. */
export function momentInWords(report: Report, time: number): string {
  const told = valuesAt(report, time);
  return [exactClock(time), ...(told.length > 0 ? told : [strings.values.none])].join(' · ');
}

function highest(scores: readonly (number | null | undefined)[]): number | null {
  const there = scores.filter((score): score is number => score != null);
  return there.length > 0 ? Math.max(...there) : null;
}

/** A picture of the sweep stands for the time to its neighbours, half way. */
function swept(sweep: Sweep | null | undefined, time: number): number | null {
  if (!sweep) return null;
  const near = sweep.pictures.filter((picture) => Math.abs(picture.time - time) <= sweep.step / 2);
  return highest(near.map(scoreOf));
}

function during(windows: readonly ScoredWindow[], time: number): number | null {
  return highest(windows.filter(({ start, end }) => start <= time && time < end).map(scoreOf));
}

const scoreOf = ({ score }: { score: number }) => score;
