/** From the graph's shape to pixels, for a given width. */
import type { Edge, Graph, Lane, Section } from './graph';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawing {
  width: number;
  height: number;
  nodes: Map<string, Rect>;
  edges: (Edge & { path: string; label: { x: number; y: number } })[];
}

export const NODE_HEIGHT = 184;
const ROW_GAP = 28;
const COLUMN_GAP = 44;
/** Room above for the way around the first lane, with its label. */
const HEAD = 30;
const CORNER = 9;

export function draw(graph: Graph, width: number): Drawing {
  const columns = graph.sections.reduce((sum, section) => sum + columnsOf(section), 0);
  const nodeWidth = (width - COLUMN_GAP * (columns - 1)) / columns;
  const height = Math.max(0, ...graph.sections.map(heightOf));
  const nodes = new Map<string, Rect>();
  let x = 0;
  for (const section of graph.sections) {
    const span = columnsOf(section);
    const sectionWidth = span * nodeWidth + (span - 1) * COLUMN_GAP;
    place(section, { x, y: HEAD + (height - heightOf(section)) / 2, width: sectionWidth }, nodes);
    x += sectionWidth + COLUMN_GAP;
  }
  const edges = graph.edges.flatMap((edge) => {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    return from && to ? [{ ...edge, ...route(edge, from, to) }] : [];
  });
  return { width, height: HEAD + height, nodes, edges };
}

function columnsOf(section: Section): number {
  return section.kind === 'trunk' ? 1 : Math.max(...section.lanes.map((lane) => lane.length));
}

function rowsOf(lane: Lane): number {
  return Math.max(...lane.map((column) => column.length));
}

function heightOf(section: Section): number {
  const rows =
    section.kind === 'trunk'
      ? section.stages.length
      : section.lanes.reduce((sum, lane) => sum + rowsOf(lane), 0);
  return rows * NODE_HEIGHT + (rows - 1) * ROW_GAP;
}

function place(section: Section, at: Omit<Rect, 'height'>, nodes: Map<string, Rect>): void {
  let y = at.y;
  const step = NODE_HEIGHT + ROW_GAP;
  if (section.kind === 'trunk') {
    for (const { name } of section.stages) {
      nodes.set(name, { x: at.x, y, width: at.width, height: NODE_HEIGHT });
      y += step;
    }
    return;
  }
  for (const lane of section.lanes) {
    // Stages grow wide where nothing stands beside them: there is room for what they found.
    const width = (at.width - COLUMN_GAP * (lane.length - 1)) / lane.length;
    lane.forEach((column, depth) => {
      column.forEach(({ name }, row) => {
        const last = isLast(name, row, lane.slice(depth + 1)) ? lane.length - 1 : depth;
        const x = at.x + depth * (width + COLUMN_GAP);
        const span = (last - depth) * (width + COLUMN_GAP);
        nodes.set(name, { x, y: y + row * step, width: width + span, height: NODE_HEIGHT });
      });
    });
    y += rowsOf(lane) * step;
  }
}

/** Whether nothing of a lane stands to the right of a stage, or follows from it. */
function isLast(name: string, row: number, later: Lane): boolean {
  return later.every(
    (column) => column.length <= row && !column.some(({ needs }) => needs.includes(name)),
  );
}

function route(
  edge: Edge,
  from: Rect,
  to: Rect,
): { path: string; label: { x: number; y: number } } {
  const rail = to.x - COLUMN_GAP / 2;
  const middle = to.y + to.height / 2;
  if (edge.bypass) {
    const over = from.y - ROW_GAP / 2;
    const start = from.x + from.width / 2;
    const points = [
      [start, from.y],
      [start, over],
      [rail, over],
      [rail, middle],
      [to.x, middle],
    ];
    return { path: rounded(points as Point[]), label: { x: start + 2 * CORNER, y: over } };
  }
  if (Math.abs(from.x - to.x) < 1) {
    const x = from.x + from.width / 2;
    const points: Point[] = [
      [x, from.y + from.height],
      [x, to.y],
    ];
    return { path: rounded(points), label: { x, y: (from.y + to.y) / 2 } };
  }
  const out = from.y + from.height / 2;
  const end = from.x + from.width;
  // Edges out of one stage turn right behind it, edges into one right before it: rails are shared.
  const turn = to.x - end > 2 * COLUMN_GAP ? rail : end + (to.x - end) / 2;
  const points: Point[] = [
    [end, out],
    [turn, out],
    [turn, middle],
    [to.x, middle],
  ];
  return { path: rounded(points), label: { x: turn, y: middle } };
}

type Point = [number, number];

/** A polyline of horizontal and vertical parts with round corners, as an SVG path. */
function rounded(points: Point[]): string {
  const parts: string[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before || !after) {
      parts.push(`${index === 0 ? 'M' : 'L'}${at(point)}`);
      return;
    }
    const r = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    parts.push(`L${at(toward(point, before, r))}Q${at(point)} ${at(toward(point, after, r))}`);
  });
  return parts.join('');
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function toward(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) / length) * by, from[1] + ((to[1] - from[1]) / length) * by];
}

function at([x, y]: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
