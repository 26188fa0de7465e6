/** The one scale: the edges at which a verdict turns, and the colours on their sides. */
import { createContext, useContext } from 'react';
import type { Report } from '@/api/types';

export interface Edges {
  /** Up to here nothing speaks for a forgery. */
  low: number;
  /** From here on it is one. */
  high: number;
}

export type Tone = 'real' | 'open' | 'fake';

/** Of the report that is shown; null while there is none. */
export const EdgesContext = createContext<Edges | null>(null);

/** Where the verdict was that no forgery was found, nothing in the file is marked as one. */
export function edgesOf({ fusion, verdict }: Pick<Report, 'fusion' | 'verdict'>): Edges | null {
  if (!fusion) return null;
  const high = verdict === 'Authentic' ? Number.POSITIVE_INFINITY : fusion.deepfakeAbove;
  return { low: fusion.authenticBelow, high };
}

/** On which side of the edges a score lies. Without edges nothing is decided. */
export function toneOf(score: number, edges: Edges | null): Tone {
  if (!edges) return 'open';
  if (score >= edges.high) return 'fake';
  return score <= edges.low ? 'real' : 'open';
}

/** What gives a score its CSS colour, by the edges of the report that is shown. */
export function useColour(): (score: number) => string {
  const edges = useContext(EdgesContext);
  return (score) => `var(--color-${toneOf(score, edges)})`;
}
