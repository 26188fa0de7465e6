import { expect, test } from 'vitest';
import { stages } from '@/testing/fixtures';
import { draw, type Rect } from './geometry';
import { graphOf } from './graph';

const graph = graphOf(stages);
const drawing = draw(graph, 1200);

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('every stage has a place of its own inside the picture', () => {
  const rects = [...drawing.nodes.values()];
  expect(rects).toHaveLength(stages.length);
  for (const rect of rects) {
    expect(rect.x).toBeGreaterThanOrEqual(0);
    expect(rect.x + rect.width).toBeLessThanOrEqual(1200.01);
    expect(rect.y + rect.height).toBeLessThanOrEqual(drawing.height);
    expect(rects.filter((other) => other !== rect && overlap(rect, other))).toEqual([]);
  }
});

test('what is needed stands to the left or above', () => {
  for (const { from, to } of graph.edges) {
    const [a, b] = [drawing.nodes.get(from), drawing.nodes.get(to)];
    expect(a && b && (a.x < b.x || a.y < b.y)).toBe(true);
  }
});

test('every edge is drawn', () => {
  expect(drawing.edges).toHaveLength(graph.edges.length);
  for (const { path } of drawing.edges) expect(path).toMatch(/^M[\d.]+,[\d.]+(L|Q)[^NaN]+$/);
});
