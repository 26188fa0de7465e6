/** Media time to a place on a line and back, with long stretches that nobody examined left out. */

export interface Span {
  start: number;
  end: number;
}

export interface TimeScale {
  /** Seconds to 0..1. */
  place: (time: number) => number;
  /** 0..1 to seconds. */
  time: (place: number) => number;
  /** Places at which a stretch was left out. */
  breaks: number[];
}

/** Below this, everything fits and nothing is left out. */
const SHORT_SECONDS = 30;
/** Gaps up to this are drawn as they are. */
const GAP_SECONDS = 3;
/** Left around what was examined, so that it does not touch the breaks. */
const MARGIN_SECONDS = 0.5;
/** Width of a break, as a share of the line. */
const BREAK = 0.025;

/**
 * A line for a media of `duration` seconds.
 *
 * Of an hour, eight seconds may have been decoded: drawn to scale they would be a hair. So a long
 * media's line shows the examined spans and marks what lies between as breaks.
 */
export function timeScale(duration: number, examined: readonly Span[]): TimeScale {
  const kept = duration <= SHORT_SECONDS ? [] : merge(examined, duration);
  const shown = kept.length > 0 ? kept : [{ start: 0, end: Math.max(duration, 0.001) }];
  const length = shown.reduce((sum, { start, end }) => sum + end - start, 0);
  const perSecond = (1 - BREAK * (shown.length - 1)) / length;
  let x = 0;
  const parts = shown.map((span) => {
    const part = { ...span, x, width: (span.end - span.start) * perSecond };
    x += part.width + BREAK;
    return part;
  });
  return {
    place(time) {
      const part = parts.findLast(({ start }) => time >= start) ?? parts[0];
      if (!part) return 0;
      return part.x + Math.min(part.width, Math.max(0, (time - part.start) * perSecond));
    },
    time(place) {
      const part = parts.findLast((each) => place >= each.x) ?? parts[0];
      if (!part) return 0;
      return Math.min(part.end, Math.max(part.start, part.start + (place - part.x) / perSecond));
    },
    breaks: parts.slice(1).map((part) => part.x - BREAK / 2),
  };
}

/** Spans with their margins, in order, joined where they nearly touch. */
function merge(spans: readonly Span[], duration: number): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = Math.max(0, span.start - MARGIN_SECONDS);
    const end = Math.min(duration, span.end + MARGIN_SECONDS);
    const last = merged.at(-1);
    if (last && start - last.end <= GAP_SECONDS) last.end = Math.max(last.end, end);
    else if (end > start) merged.push({ start, end });
  }
  return merged;
}

/** Seconds that spans cover, where they overlap counted once. */
export function covered(spans: readonly Span[]): number {
  let end = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    sum += Math.max(0, span.end - Math.max(span.start, end));
    end = Math.max(end, span.end);
  }
  return sum;
}
