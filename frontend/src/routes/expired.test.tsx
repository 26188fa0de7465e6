/** What was deleted or cleared from the server says so wherever one may meet it. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import type { AnalysisStatus } from '@/api/types';
import { StillView } from '@/features/evidence/still-view';
import { VideoView } from '@/features/evidence/video-view';
import { VoiceView } from '@/features/evidence/voice-view';
import { Playhead, PlayheadContext } from '@/lib/playhead';
import { ID, report, stages, status } from '@/testing/fixtures';
import Analysis from './analysis';
import Compare from './compare';
import History from './history';

const OTHER = '0199aa00-0000-7000-8000-000000000002';
const expired: AnalysisStatus = { ...status, uploadStored: false, reportStored: false };
const GONE = () =>
  Response.json({ code: 'gone', detail: 'This analysis was deleted.' }, { status: 410 });

afterEach(() => vi.unstubAllGlobals());

const END = 'id: 1\nevent: end\ndata: {"atMs":9,"status":"complete","cached":false}\n\n';

/** Serves these paths (text as it is), and 410 for all others; returns what was asked for. */
function serve(answers: Record<string, unknown>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (target: string | Request) => {
    const path = target instanceof Request ? new URL(target.url).pathname : target;
    asked.push(path);
    const answer = answers[path];
    if (typeof answer === 'string') return new Response(answer);
    return answer === undefined ? GONE() : Response.json(answer);
  });
  return asked;
}

function show(page: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <PlayheadContext value={new Playhead(0)}>{page}</PlayheadContext>
    </QueryClientProvider>,
  );
}

test('the address of a deleted analysis says that it is gone, and what can be done', async () => {
  serve({ '/stages': stages });
  show(<Analysis id={ID} />);
  expect(await screen.findByRole('heading', { name: 'This is no longer stored' })).toBeVisible();
  expect(screen.getByText(/analyse it again/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Analyse another file' })).toBeVisible();
});

test('an expired report leaves its verdict, and is not asked for', async () => {
  const told = { '/stages': stages, [`/events/${ID}`]: END, [`/status/${ID}`]: expired };
  const asked = serve(told);
  show(<Analysis id={ID} />);
  expect(await screen.findByText('This is no longer stored')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Deepfake' })).toBeVisible();
  expect(asked).not.toContain(`/report/${ID}`);
});

test.each([
  ['video', VideoView],
  ['image', StillView],
  ['audio', VoiceView],
] as const)('the file of a %s that was cleared is not even tried', async (kind, View) => {
  serve({ [`/status/${ID}`]: { ...status, uploadStored: false } });
  const seen = { ...report, media: { ...report.media, kind } };
  show(<View id={ID} report={seen} waveform={undefined} />);
  expect(await screen.findByText(/The file is no longer stored/)).toBeVisible();
  for (const label of ['The examined video', 'The examined picture', 'The examined recording']) {
    expect(screen.queryByLabelText(label)).toBeNull();
    expect(screen.queryByAltText(label)).toBeNull();
  }
});

test('a file that is there but cannot be shown is another matter', async () => {
  serve({ [`/status/${ID}`]: status });
  show(<StillView id={ID} report={report} waveform={undefined} />);
  screen.getByAltText('The examined picture').dispatchEvent(new Event('error'));
  expect(await screen.findByText(/cannot show the format/)).toBeVisible();
});

test('the history tells what is left of an analysis', async () => {
  const rows = [
    { ...expired, fileName: 'old.mp4' },
    { ...status, analysisId: OTHER, fileName: 'half.mp4', uploadStored: false },
  ];
  serve({ '/analyses?limit=25': { items: rows, nextCursor: null } });
  show(<History />);
  expect(await screen.findByText(/Expired: the report is no longer stored/)).toBeVisible();
  expect(screen.getByText(/The file is no longer stored/)).toBeVisible();
});

test('a comparison shows the one that is left', async () => {
  serve({
    '/stages': stages,
    [`/status/${ID}`]: status,
    [`/report/${ID}`]: report,
    [`/status/${OTHER}`]: { ...expired, analysisId: OTHER, fileName: 'old.mp4' },
  });
  show(<Compare ids={[ID, OTHER]} />);
  expect(await screen.findByText('This is no longer stored')).toBeVisible();
  expect(screen.getByText('old.mp4')).toBeVisible();
  expect(await screen.findByRole('link', { name: status.fileName })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Back to the history' })).toBeVisible();
});
