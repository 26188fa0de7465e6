/**
 * The shape of the pipeline, computed from what each stage needs and from nothing else.
 *
 * Stages that everything passes through form a *trunk*; between two trunks run *lanes*, side by
 * side and independent of each other. A new branch thus finds its place by itself.
 */
import type { StageInfo } from '@/api/types';

export type Lane = StageInfo[][];
export type Section = { kind: 'trunk'; stages: StageInfo[] } | { kind: 'lanes'; lanes: Lane[] };

export interface Edge {
  from: string;
  to: string;
  /** A way around the stages in between: taken when these are skipped. */
  bypass: boolean;
}

export interface Graph {
  sections: Section[];
  edges: Edge[];
}

export function graphOf(stages: readonly StageInfo[]): Graph {
  const ancestors = ancestry(stages);
  const isBefore = (a: string, b: string) => ancestors.get(b)?.has(a) ?? false;
  const onTrunk = (stage: StageInfo) =>
    stages.every(
      (other) =>
        other === stage || isBefore(other.name, stage.name) || isBefore(stage.name, other.name),
    );
  return {
    sections: sectionsOf(inOrder(stages, ancestors), onTrunk),
    edges: edgesOf(stages, isBefore),
  };
}

/** All that a stage directly or indirectly needs, by stage. Needs of unknown stages are ignored. */
function ancestry(stages: readonly StageInfo[]): Map<string, Set<string>> {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const found = new Map<string, Set<string>>();
  const visit = (stage: StageInfo): Set<string> => {
    const known = found.get(stage.name);
    if (known) return known;
    const all = new Set<string>();
    found.set(stage.name, all);
    for (const need of stage.needs ?? []) {
      const parent = byName.get(need);
      if (!parent) continue;
      all.add(need);
      for (const earlier of visit(parent)) all.add(earlier);
    }
    return all;
  };
  stages.forEach(visit);
  return found;
}

function inOrder(stages: readonly StageInfo[], ancestors: Map<string, Set<string>>): StageInfo[] {
  const rank = (stage: StageInfo) => ancestors.get(stage.name)?.size ?? 0;
  return [...stages].sort((a, b) => rank(a) - rank(b));
}

function sectionsOf(ordered: StageInfo[], onTrunk: (stage: StageInfo) => boolean): Section[] {
  const sections: Section[] = [];
  let between: StageInfo[] = [];
  const close = () => {
    if (between.length > 0) sections.push({ kind: 'lanes', lanes: lanesOf(between) });
    between = [];
  };
  for (const stage of ordered) {
    if (!onTrunk(stage)) {
      between.push(stage);
      continue;
    }
    close();
    const last = sections.at(-1);
    if (last?.kind === 'trunk') last.stages.push(stage);
    else sections.push({ kind: 'trunk', stages: [stage] });
  }
  close();
  return sections;
}

/** Groups of stages that are connected with each other, each in columns by depth. */
function lanesOf(stages: StageInfo[]): Lane[] {
  const inside = new Map(stages.map((stage) => [stage.name, stage]));
  const depths = new Map<string, number>();
  const groups: StageInfo[][] = [];
  for (const stage of stages) {
    const parents = (stage.needs ?? []).filter((need) => inside.has(need));
    depths.set(stage.name, 1 + Math.max(-1, ...parents.map((need) => depths.get(need) ?? 0)));
    const joined = groups.filter((group) => group.some((other) => parents.includes(other.name)));
    for (const group of joined) groups.splice(groups.indexOf(group), 1);
    groups.push([...joined.flat(), stage]);
  }
  const lanes = groups.map((group) => {
    const lane: Lane = [];
    for (const stage of group) {
      const depth = depths.get(stage.name) ?? 0;
      const column = lane[depth] ?? [];
      column.push(stage);
      lane[depth] = column;
    }
    return lane;
  });
  // Longest first: the eye follows it, and the way around it runs along the upper edge.
  return lanes.sort((a, b) => b.length - a.length);
}

function edgesOf(
  stages: readonly StageInfo[],
  isBefore: (a: string, b: string) => boolean,
): Edge[] {
  const edges: Edge[] = [];
  for (const stage of stages) {
    const needs = (stage.needs ?? []).filter((need) => stages.some(({ name }) => name === need));
    const direct = needs.filter((need) => !needs.some((other) => isBefore(need, other)));
    edges.push(...direct.map((from) => ({ from, to: stage.name, bypass: false })));
    // Of all the shortcuts into a stage the longest tells the story: it starts at a root of them.
    const around = needs.filter((need) => !direct.includes(need));
    const roots = around.filter((need) => !around.some((other) => isBefore(other, need)));
    edges.push(...roots.map((from) => ({ from, to: stage.name, bypass: true })));
  }
  return edges;
}
