import { expect, test } from 'vitest';
import type { FacePoint, PersonEvidence, Report } from '@/api/types';
import { report } from '@/testing/fixtures';
import { faceAt, heatmapAt, leadingBranch, moments } from './faces';

function face(time: number, values: Partial<FacePoint> = {}): FacePoint {
  const box = { x: 100 * time, y: 0, width: 50, height: 50 };
  const scores = { gateScore: null, visualScore: 0.5, crop: null, heatmap: null };
  return { time, box, square: box, detection: 0.9, ...scores, ...values };
}

const person: PersonEvidence = {
  person: 0,
  faces: [face(0), face(0.25, { visualScore: 0.9, heatmap: 'heat.png' }), face(2)],
  score: 0.6,
  temporalScore: null,
  syncScore: null,
};

test('between two examined moments a face moves evenly', () => {
  expect(faceAt(person.faces, 0.125)?.box.x).toBeCloseTo(12.5);
});

test('a long gap is not bridged', () => {
  expect(faceAt(person.faces, 1)).toBeNull();
  expect(faceAt(person.faces, 1.9)?.time).toBe(2);
  expect(faceAt(person.faces, 2.5)).toBeNull();
});

test('a heatmap is shown near its own moment only', () => {
  expect(heatmapAt(person, 0.3)?.heatmap).toBe('heat.png');
  expect(heatmapAt(person, 0.05)).toBeNull();
});

function counts(...shares: [string, number][]): Pick<Report, 'verdict' | 'fusion'> {
  const contributions = shares.map(([feature, logOdds]) => ({ feature, value: 0.5, logOdds }));
  return { verdict: 'Deepfake', fusion: report.fusion && { ...report.fusion, contributions } };
}

const both = counts(['visual_prob_mean', 1], ['tiny_prob_max', 2], ['tiny_prob_mean', -1.5]);

test.each([
  ['the branch that moved the verdict most', both, 'visual'],
  ['the other one', counts(['visual_prob_mean', -1], ['tiny_prob_max', 0.2]), 'gate'],
  ['none, where the voice decided', counts(['audio_prob_fake', 3]), null],
  ['none, where both speak against it', counts(['visual_prob_max', -1]), null],
  ['none, where no forgery was found', { ...both, verdict: 'Authentic' as const }, null],
  ['none, where nothing was weighed', { ...both, fusion: null }, null],
])('what ranks the faces is %s', (_, answer, branch) => {
  expect(leadingBranch(answer)).toBe(branch);
});

test('moments come in the order in which they counted, else in that of time', () => {
  const other = { ...person, person: 1, faces: [face(1, { gateScore: 0.95 })] };
  const times = (answer: Pick<Report, 'verdict' | 'fusion'>) =>
    moments({ ...answer, persons: [person, other] }).map(({ time }) => time);
  expect(times(both)).toEqual([0.25, 0, 2, 1]);
  expect(times(counts(['tiny_prob_max', 1]))[0]).toBe(1);
  expect(times(counts(['audio_prob_fake', 3]))).toEqual([0, 0.25, 1, 2]);
});
