import { Check, Minus, X } from 'lucide-react';
import type { StageState } from '@/api/types';
import { cn } from '@/lib/cn';

const RADIUS = 8;
const AROUND = 2 * Math.PI * RADIUS;

const ICONS = { done: Check, skipped: Minus, failed: X } as const;

const LOOKS: Record<StageState, string> = {
  queued: 'text-line-strong',
  running: 'text-accent',
  done: 'text-ink-soft',
  skipped: 'text-line-strong',
  failed: 'text-danger',
};

/** The state of a stage as a sign: a ring that fills, then what became of it. */
export function StateMark({ state, percent }: { state: StageState; percent: number }) {
  const Icon = state in ICONS ? ICONS[state as keyof typeof ICONS] : null;
  return (
    <span
      aria-hidden
      className={cn('relative grid size-5 shrink-0 place-items-center', LOOKS[state])}
    >
      <svg aria-hidden="true" viewBox="0 0 20 20" className="absolute inset-0 -rotate-90">
        <circle
          cx="10"
          cy="10"
          r={RADIUS}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          className={cn(state === 'running' && 'opacity-25')}
          strokeDasharray={state === 'skipped' ? '3 3' : undefined}
        />
        {state === 'running' && (
          <circle
            cx="10"
            cy="10"
            r={RADIUS}
            fill="none"
            stroke="currentColor"
            strokeWidth="2.4"
            strokeLinecap="round"
            strokeDasharray={`${(Math.max(6, percent) / 100) * AROUND} ${AROUND}`}
            className="transition-[stroke-dasharray] duration-300"
          />
        )}
      </svg>
      {Icon && <Icon size={11} strokeWidth={2.6} />}
      {state === 'running' && <span className="size-1.5 animate-breathe rounded-full bg-current" />}
    </span>
  );
}
