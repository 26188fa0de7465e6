import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AnalysisStatus, Report } from '@/api/types';
import { askedWords } from '@/lib/asked';
import { ID, report, status } from '@/testing/fixtures';
import { canBeExamined, placeOf } from './bystanders';
import { Further } from './further';

const OTHER = ID.replace(/^./, 'f');
const usual = { full: false, thorough: false, start: null, end: null, face: null };
const fetcher = vi.fn<typeof fetch>();

beforeEach(() => vi.stubGlobal('fetch', fetcher));
afterEach(() => {
  fetcher.mockReset();
  vi.unstubAllGlobals();
});

/** The service knows these analyses of the file, and accepts any other. */
function show(own: AnalysisStatus, others: AnalysisStatus[] = [], evidence: Report = report) {
  fetcher.mockImplementation(async (_, init) =>
    init?.method === 'POST'
      ? new Response(JSON.stringify({ ...status, analysisId: OTHER, status: 'processing' }))
      : new Response(JSON.stringify({ items: [own, ...others], nextCursor: null })),
  );
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <Further status={own} report={evidence} />
    </QueryClientProvider>,
  );
}

/** What was asked of the service by the last click. */
function asked(): unknown {
  const [, init] = fetcher.mock.calls.find(([, each]) => each?.method === 'POST') ?? [];
  return JSON.parse(String(init?.body));
}

test('after an early exit one click examines fully', async () => {
  const exited = { ...status, result: { ...status.result, earlyExit: true } } as AnalysisStatus;
  show(exited);
  await userEvent.click(screen.getByRole('button', { name: 'Examine fully' }));
  expect(asked()).toMatchObject({ full: true });
  expect(location.pathname).toBe(`/analysis/${OTHER}`);
});

test('what was examined in part can be examined whole, once', async () => {
  show(status);
  await userEvent.click(screen.getByRole('button', { name: 'Examine all of it' }));
  expect(asked()).toMatchObject({ thorough: true });
});

test('of a thorough examination there is no more', () => {
  show({ ...status, asked: { ...usual, thorough: true } });
  expect(screen.queryByRole('button', { name: 'Examine all of it' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Examine fully' })).toBeNull();
});

test.each([
  ['2', '5', { start: 2, end: 5 }],
  ['0', '0.5', { start: 0, end: 0.5 }],
])('a part from %s to %s', async (from, to, wanted) => {
  show(status);
  await type(from, to);
  expect(asked()).toEqual(wanted);
});

test.each([
  ['5', '5'],
  ['-1', '4'],
  ['99', '120'],
])('no part from %s to %s', async (from, to) => {
  show(status);
  await type(from, to);
  expect(screen.getByRole('alert')).toBeVisible();
  expect(fetcher.mock.calls.every(([, init]) => init?.method !== 'POST')).toBe(true);
});

async function type(from: string, to: string): Promise<void> {
  const user = userEvent.setup();
  for (const [label, text] of [
    ['From', from],
    ['To', to],
  ] as const) {
    const field = screen.getByLabelText(label);
    await user.clear(field);
    await user.type(field, text);
  }
  await user.click(screen.getByRole('button', { name: 'Examine this part' }));
}

test('the other examinations are a click away', async () => {
  const other = { ...status, analysisId: OTHER, asked: { ...usual, full: true } };
  show(status, [other]);
  const link = await screen.findByRole('link', { name: 'Without early exit' });
  expect(link).toHaveAttribute('href', `/analysis/${OTHER}`);
});

test('of a still that is gone there is nothing to offer', () => {
  const gone = { ...status, uploadStored: false };
  const { container } = show(gone, [], { ...report, media: { ...report.media, duration: null } });
  expect(container).toBeEmptyDOMElement();
});

test.each([
  [usual, 'As usual'],
  [{ ...usual, thorough: true }, 'All of it'],
  [{ ...usual, start: 30, end: 90 }, 'From 0:30 to 1:30'],
  [{ ...usual, end: 90 }, 'Up to 1:30'],
  [{ ...usual, start: 0.5, end: 2 }, 'From 0:00.5 to 0:02'],
  [{ ...usual, full: true, start: 3600 }, 'Without early exit, From 1:00:00'],
  [{ ...usual, face: { time: 12, x: 1, y: 2 } }, 'One person, seen at 0:12'],
  [{ ...usual, face: { time: 0, x: 1, y: 2 } }, 'One person of the picture'],
])('%j in words', (each, words) => {
  expect(askedWords(each)).toBe(words);
});

test('a face is pointed at by its middle, within the picture', () => {
  const box = { x: -30, y: 10, width: 40, height: 20 };
  expect(placeOf({ time: 2, box })).toEqual({ time: 2, x: 0, y: 20 });
});

test('who is too small to judge is not offered', () => {
  expect(canBeExamined('too_small')).toBe(false);
  expect(canBeExamined('over_limit')).toBe(true);
});
