import type { StageInfo } from '@/api/types';
import { cn } from '@/lib/cn';
import { graphOf, type Section } from './graph';
import { StageNode } from './stage-node';
import type { Shown } from './stage-state';

interface StageListProps {
  stages: readonly StageInfo[];
  shownOf: (stage: string) => Shown;
}

/** The same graph for narrow screens: from top to bottom, with a rail beside what runs in parallel. */
export function StageList({ stages, shownOf }: StageListProps) {
  return (
    <ol className="flex flex-col gap-2">
      {graphOf(stages).sections.map((section) =>
        lanesOf(section).map((lane) => (
          <li
            key={lane.map(({ name }) => name).join()}
            className={cn(section.kind === 'lanes' && 'border-line border-l-2 pl-3')}
          >
            <ol className="flex flex-col gap-2">
              {lane.map((stage) => (
                <li key={stage.name}>
                  <StageNode stage={stage} shown={shownOf(stage.name)} />
                </li>
              ))}
            </ol>
          </li>
        )),
      )}
    </ol>
  );
}

function lanesOf(section: Section): StageInfo[][] {
  return section.kind === 'trunk' ? [section.stages] : section.lanes.map((lane) => lane.flat());
}
