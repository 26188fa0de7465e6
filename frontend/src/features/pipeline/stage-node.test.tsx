import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { StageInfo } from '@/api/types';
import { branches, report, stages } from '@/testing/fixtures';
import { StageNode } from './stage-node';
import type { Shown } from './stage-state';

function show(name: string, values: Partial<Shown>) {
  const stage = stages.find((each) => each.name === name) as StageInfo;
  const shown = {
    state: 'done',
    isOver: false,
    percent: 100,
    ms: 38,
    reason: null,
    detail: {},
    ...values,
  };
  render(<StageNode stage={stage} shown={shown as Shown} />);
}

test('a waiting stage says what it will do', () => {
  show('gate', { state: 'queued', percent: 0, ms: null });
  expect(screen.getByText('Waiting')).toBeVisible();
  expect(screen.getByText('What Gate does')).toBeVisible();
});

test('a stage that a failure left out does not pretend to wait', () => {
  show('gate', { state: 'queued', isOver: true, percent: 0, ms: null });
  expect(screen.getByText('Not reached')).toBeVisible();
});

test('a running stage tells its own percent', () => {
  show('visual', { state: 'running', percent: 42.4, ms: null });
  expect(screen.getByText('42 %')).toBeVisible();
});

test('a finished branch shows time, score and sentence', () => {
  show('visual', { detail: { ...branches.visual } });
  expect(screen.getByText('38 ms')).toBeVisible();
  expect(screen.getByText('91 %')).toBeVisible();
  expect(screen.getByText(/look altered or generated/)).toBeVisible();
});

test('windows and offset curve are drawn with a name', () => {
  show('audio', { detail: { ...branches.audio } });
  expect(screen.getByRole('img', { name: 'Scores over time' })).toBeVisible();
  show('av_sync', { detail: { ...branches.av_sync } });
  expect(screen.getByRole('img', { name: /How well lips and voice fit/ })).toBeVisible();
});

test.each(['skipped', 'failed'] as const)('a %s stage says why', (state) => {
  show('temporal', { state, reason: 'No face stays in view for a second.' });
  expect(screen.getByText('No face stays in view for a second.')).toBeVisible();
});

test('ingest names codecs and sizes; a still has no sound and no length', () => {
  show('ingest', { detail: { ...report.media } });
  expect(screen.getByText('mp4 · 2.4 MB · 0:10')).toBeVisible();
  expect(screen.getByText('h264 · 1280 × 720 · 25 fps')).toBeVisible();
  show('ingest', {
    detail: { ...report.media, container: 'png', duration: null, audio: null },
  });
  expect(screen.getByText('png · 2.4 MB')).toBeVisible();
});

test('a stage of a later version without a known result shows none', () => {
  show('faces', { detail: {} });
  expect(screen.queryByText(/face/)).toBeNull();
});
