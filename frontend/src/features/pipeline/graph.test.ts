import { expect, test } from 'vitest';
import type { StageInfo } from '@/api/types';
import { stages } from '@/testing/fixtures';
import { type Graph, graphOf } from './graph';

function shape({ sections }: Graph) {
  return sections.map((section) =>
    section.kind === 'trunk'
      ? section.stages.map(({ name }) => name)
      : section.lanes.map((lane) => lane.map((column) => column.map(({ name }) => name).join('|'))),
  );
}

const stage = (name: string, ...needs: string[]): StageInfo => ({
  name,
  title: name,
  description: '',
  needs,
  models: [],
});

test('the pipeline of today', () => {
  expect(shape(graphOf(stages))).toEqual([
    ['ingest', 'hints', 'faces'],
    [['gate', 'visual|av_sync', 'temporal'], ['audio']],
    ['fusion', 'verdict'],
  ]);
});

test('the way around is drawn once, from where it begins', () => {
  const around = graphOf(stages).edges.filter(({ bypass }) => bypass);
  expect(around).toEqual([{ from: 'gate', to: 'fusion', bypass: true }]);
});

test('a branch that nobody has thought of finds its lane', () => {
  const more = stages.map((each) =>
    each.name === 'fusion' ? { ...each, needs: [...(each.needs ?? []), 'reflections'] } : each,
  );
  const graph = graphOf([...more, stage('reflections', 'faces')]);
  expect(shape(graph)[1]).toContainEqual(['reflections']);
  expect(graph.edges).toContainEqual({ from: 'reflections', to: 'fusion', bypass: false });
});

test('stages that fork and join within a lane share its columns', () => {
  const graph = graphOf([
    stage('a'),
    stage('b', 'a'),
    stage('x', 'a'),
    stage('c', 'b'),
    stage('d', 'b'),
    stage('e', 'c', 'd'),
    stage('z', 'e', 'x'),
  ]);
  expect(shape(graph)).toEqual([['a'], [['b', 'c|d', 'e'], ['x']], ['z']]);
});

test('needs that no stage provides are ignored, and so are circles', () => {
  expect(shape(graphOf([stage('a', 'ghost'), stage('b', 'a')]))).toEqual([['a', 'b']]);
  expect(() => graphOf([stage('a', 'b'), stage('b', 'a')])).not.toThrow();
});

test('nothing is nothing', () => {
  expect(graphOf([])).toEqual({ sections: [], edges: [] });
});
