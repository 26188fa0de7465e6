import { expect, test } from 'vitest';
import type { FacePoint, PersonEvidence } from '@/api/types';
import { faceAt, heatmapAt, moments } from './faces';

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

test('the most suspect moment comes first, by either score', () => {
  const other = { ...person, person: 1, faces: [face(1, { gateScore: 0.95 })] };
  expect(moments([person, other]).map(({ person: number }) => number)).toEqual([1, 0, 0, 0]);
});
