/** A finished analysis once more, from its recorded events, at the pace at which they happened. */
import { useEffect, useMemo, useState } from 'react';
import { follow } from '@/api/follow';
import type { AnalysisEvent } from '@/api/types';
import { apply, NO_RUN, type Run } from '@/lib/run';

export interface Replay {
  run: Run;
  /** Milliseconds since the first event of the run. */
  position: number;
  length: number;
  playing: boolean;
  seek: (position: number) => void;
  toggle: () => void;
}

/** Null until the events are there. */
export function useReplay(id: string): Replay | null {
  const [events, setEvents] = useState<AnalysisEvent[] | null>(null);
  const [position, setPosition] = useState(0);
  const [playing, setPlaying] = useState(true);

  useEffect(() => {
    const leave = new AbortController();
    const heard: AnalysisEvent[] = [];
    follow(id, {
      after: 0,
      signal: leave.signal,
      onEvent: (event) => heard.push(event),
      onConnection: () => undefined,
    }).then(
      () => leave.signal.aborted || setEvents(heard),
      () => setEvents([]),
    );
    return () => leave.abort();
  }, [id]);

  const timed = useMemo(() => timesOf(events ?? []), [events]);
  const length = timed.at(-1)?.at ?? 0;

  useEffect(() => {
    if (!playing || !events) return;
    let before = performance.now();
    let handle = requestAnimationFrame(function draw(now) {
      // The first frame may have begun before this effect did: time does not run backwards.
      const passed = Math.max(0, now - before);
      setPosition((at) => Math.min(length, at + passed));
      before = now;
      handle = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(handle);
  }, [playing, events, length]);

  const isOver = position >= length;
  useEffect(() => {
    if (isOver && events) setPlaying(false);
  }, [isOver, events]);

  const run = useMemo(
    () =>
      timed
        .filter(({ at }) => at <= position)
        .reduce((before, { event }) => apply(before, event), NO_RUN),
    [timed, position],
  );
  if (!events) return null;
  return {
    run,
    position,
    length,
    playing,
    seek: (to) => setPosition(Math.min(length, to)),
    toggle: () => {
      if (isOver) setPosition(0);
      setPlaying(!playing);
    },
  };
}

/**
 * Events with the time since the last start.
 *
 * What came before (the queue, a run that crashed) is not waited through again; and the end of an
 * answer from the cache carries the time of another submission, so times never fall.
 */
export function timesOf(events: readonly AnalysisEvent[]): { at: number; event: AnalysisEvent }[] {
  const begin = events.findLast(({ kind }) => kind === 'started')?.data.atMs ?? 0;
  let at = 0;
  return events.map((event) => {
    at = Math.max(at, event.data.atMs - begin);
    return { at, event };
  });
}
