/** An analysis as its events tell it: the only source of progress on the page. */
import type { AnalysisEvent, Ended, StageUpdate } from '@/api/types';

export interface Run {
  /** Of the last event applied. */
  seq: number;
  /** Counts up when the service had to begin again after a crash. */
  run: number;
  stages: Readonly<Record<string, StageUpdate>>;
  percent: number;
  ended: Ended | null;
}

export const NO_RUN: Run = { seq: 0, run: 1, stages: {}, percent: 0, ended: null };

/** The run after one more event. */
export function apply(run: Run, event: AnalysisEvent): Run {
  const seq = Math.max(run.seq, event.seq);
  switch (event.kind) {
    case 'queued':
      return { ...run, seq };
    case 'started':
      // A second run starts from nothing: what the first one found may not happen again.
      return { ...run, seq, run: event.data.run, stages: {} };
    case 'stage':
      return {
        ...run,
        seq,
        stages: { ...run.stages, [event.data.stage]: event.data },
        percent: Math.max(run.percent, event.data.overallPercent),
      };
    case 'end':
      return {
        ...run,
        seq,
        ended: event.data,
        percent: event.data.status === 'complete' ? 100 : run.percent,
      };
  }
}
