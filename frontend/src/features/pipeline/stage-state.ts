/** What a node of the picture is told: the recorded state of a stage, live or from the status. */
import type { AnalysisStatus, StageState, StageUpdate } from '@/api/types';
import type { Run } from '@/lib/run';

export interface Shown {
  state: StageState;
  /** The analysis has ended: what still waits will not run. */
  isOver: boolean;
  percent: number;
  ms: number | null;
  reason: string | null;
  /** Skipped because an earlier stage was sure; others are skipped because they do not apply. */
  spared: boolean;
  detail: Record<string, unknown>;
}

const WAITING: Shown = {
  isOver: false,
  state: 'queued',
  percent: 0,
  ms: null,
  reason: null,
  spared: false,
  detail: {},
};

/** The events know most; before they arrive, the status knows states and times. */
export function shown(stage: string, run: Run, status: AnalysisStatus | undefined): Shown {
  const waiting = { ...WAITING, isOver: run.ended !== null };
  const update: StageUpdate | undefined = run.stages[stage];
  if (update) return { ...waiting, ...stripped(update) };
  const recorded = status?.stages.find((each) => each.stage === stage);
  return recorded ? { ...waiting, ...stripped(recorded) } : waiting;
}

function stripped(from: Partial<Shown>): Partial<Shown> {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));
}
