import type { StageInfo } from '@/api/types';
import { cn } from '@/lib/cn';
import { pipeline as strings } from '@/strings';
import { draw } from './geometry';
import { type Edge, graphOf } from './graph';
import { StageNode } from './stage-node';
import type { Shown } from './stage-state';

interface PictureProps {
  stages: readonly StageInfo[];
  shownOf: (stage: string) => Shown;
  width: number;
}

type Flow = 'idle' | 'active' | 'done' | 'off';

/** The pipeline as a drawn graph; needs room, see `StageList` for narrow screens. */
export function Picture({ stages, shownOf, width }: PictureProps) {
  const drawing = draw(graphOf(stages), width);
  return (
    <div className="relative" style={{ height: drawing.height }}>
      <svg
        aria-hidden="true"
        className="absolute inset-0 size-full overflow-visible"
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      >
        {drawing.edges.map((edge) => {
          const flow = flowOf(edge, stages, shownOf);
          return (
            <g key={`${edge.from}-${edge.to}`} data-flow={flow}>
              <path d={edge.path} fill="none" strokeWidth="1.5" className={LOOKS[flow]} />
              {edge.bypass && (
                <text
                  x={edge.label.x}
                  y={edge.label.y - 5}
                  className={cn(
                    'text-[11px]',
                    flow === 'done' ? 'fill-ink font-medium' : 'fill-ink-faint',
                  )}
                >
                  {strings.exit}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <ol>
        {stages.map((stage) => {
          const rect = drawing.nodes.get(stage.name);
          return (
            rect && (
              <li
                key={stage.name}
                className="absolute"
                style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
              >
                <StageNode stage={stage} shown={shownOf(stage.name)} />
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

const LOOKS: Record<Flow, string> = {
  idle: 'stroke-line',
  active: 'stroke-accent animate-flow [stroke-dasharray:4_4]',
  done: 'stroke-line-strong',
  off: 'stroke-line [stroke-dasharray:2_5]',
};

/** What runs along an edge, told by the states at its ends and, for a bypass, in between. */
function flowOf(edge: Edge, stages: readonly StageInfo[], shownOf: (stage: string) => Shown): Flow {
  const [from, to] = [shownOf(edge.from).state, shownOf(edge.to).state];
  if (edge.bypass) {
    const spared = stages.some(
      ({ name, needs }) => name !== edge.to && needs.includes(edge.from) && shownOf(name).spared,
    );
    return spared && from === 'done' ? 'done' : 'off';
  }
  if (from === 'skipped' || from === 'failed' || to === 'skipped') return 'off';
  if (from !== 'done') return 'idle';
  return to === 'running' ? 'active' : to === 'queued' ? 'idle' : 'done';
}
