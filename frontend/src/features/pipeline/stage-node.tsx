import type { StageInfo } from '@/api/types';
import { cn } from '@/lib/cn';
import { spent } from '@/lib/format';
import { service, pipeline as strings } from '@/strings';
import { StageResult } from './results';
import type { Shown } from './stage-state';
import { StateMark } from './state-mark';

/** One stage: its state, how far it is, how long it took, and what it found. */
export function StageNode({ stage, shown }: { stage: StageInfo; shown: Shown }) {
  const { state, isOver, percent, ms, reason } = shown;
  return (
    <div
      data-stage={stage.name}
      data-state={state}
      className={cn(
        'flex h-full flex-col overflow-hidden rounded-xl border p-3 transition-[border-color,background-color,box-shadow] duration-300',
        state === 'queued' && 'border-line bg-paper',
        state === 'running' && 'border-accent bg-surface shadow-raised ring-3 ring-accent-wash',
        state === 'done' && 'border-line bg-surface shadow-raised',
        state === 'skipped' && 'border-line-strong/50 border-dashed bg-paper',
        state === 'failed' && 'border-danger bg-danger-wash',
      )}
    >
      <div className="flex items-center gap-2">
        <StateMark state={state} percent={percent} />
        <h3
          title={service(stage.description)}
          className={cn(
            'flex-1 truncate font-medium text-sm',
            state === 'queued' && 'text-ink-soft',
          )}
        >
          {service(stage.title)}
        </h3>
      </div>
      <div className="mt-2 min-h-0 flex-1 text-ink-soft text-xs leading-relaxed">
        {(state === 'queued' || state === 'running') && (
          <p className={cn('line-clamp-3', state === 'queued' && 'text-ink-faint')}>
            {service(stage.description)}
          </p>
        )}
        {state === 'done' && (
          <div className="h-full animate-settle">
            <StageResult stage={stage.name} detail={shown.detail} />
          </div>
        )}
        {reason && (
          <p className="line-clamp-4" title={service(reason)}>
            {service(reason)}
          </p>
        )}
      </div>
      <p className="mt-1.5 flex justify-between text-ink-faint text-xs tabular-nums">
        <span>{isOver && state === 'queued' ? strings.notReached : strings.states[state]}</span>
        {state === 'running' && percent > 0 && <span>{Math.round(percent)} %</span>}
        {state === 'done' && ms !== null && <span>{spent(ms)}</span>}
      </p>
    </div>
  );
}
