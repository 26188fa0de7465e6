import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { analysed, mediaFile, submit } from './analyses';
import { blank, DARK, expectAccessible, expectNoOverflow, NARROW, visit, WIDE } from './browser';
import { hasModels } from './service';

const NO_SUCH = '/analysis/00000000-0000-4000-8000-000000000000';

/** States of the stages, once the graph is there: it comes in a file of its own. */
async function statesOf(page: Page): Promise<(string | null)[]> {
  const stages = page.locator('[data-stage]');
  await stages.first().waitFor();
  return stages.evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-state')));
}

test('an address that names nothing says so', async () => {
  const page = await visit('/no/such/page');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await expectAccessible(page);
});

test('an analysis that does not exist says so', async () => {
  const page = await visit(NO_SUCH, WIDE, /status of 404/);
  await page.getByText('There is no such analysis').waitFor();
  await expectAccessible(page);
});

test('a file that cannot be read fails with a reason', async () => {
  const page = await visit('/', WIDE, /status of 4\d\d/);
  await page.setInputFiles('input[type=file]', mediaFile('broken.mp4'));
  await page.waitForURL('**/analysis/*');
  await page.getByRole('alert').getByText('The file cannot be read').waitFor();
  await page.locator('[data-state=failed]').waitFor();
  await expectAccessible(page);
});

test.runIf(hasModels).each([
  ['talking.mp4', WIDE],
  ['talking.mp4', NARROW],
  ['talking.mp4', DARK],
  ['portrait.jpg', WIDE],
  ['voice.wav', NARROW],
])('%s, from upload to verdict', async (name, options) => {
  const page = await visit('/', options);
  await page.setInputFiles('input[type=file]', mediaFile(name));
  await page.waitForURL('**/analysis/*');
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await page.getByRole('heading', { name: 'How the probability comes about' }).waitFor();
  const states = await statesOf(page);
  expect(states.length).toBeGreaterThan(5);
  expect(states.every((state) => state === 'done' || state === 'skipped')).toBe(true);
  const features = page.locator('#why code');
  await features.first().waitFor();
  expect(new Set(await features.allTextContents()).size).toBe(12);
  await expectAccessible(page);
  await expectNoOverflow(page);
});

test.runIf(hasModels)('the timeline moves the film, and the address names the moment', async () => {
  const { analysisId } = await analysed('talking.mp4');
  const page = await visit(`/analysis/${analysisId}`);
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  await timeline.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.waitForURL(/\?t=\d/);
  const time = Number(new URL(page.url()).searchParams.get('t'));
  expect(time).toBeGreaterThan(1);
  await page.waitForFunction(
    (sought) => Math.abs((document.querySelector('video')?.currentTime ?? 0) - sought) < 0.2,
    time,
  );
  await page.reload();
  await timeline.waitFor();
  expect(Number(await timeline.getAttribute('aria-valuenow'))).toBeCloseTo(time, 0);
});

test.runIf(hasModels)('a film that this browser cannot play leaves the findings', async () => {
  const { analysisId } = await analysed('talking.mp4');
  const page = await blank(WIDE, /status of 404/);
  await page.route('**/media', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(`/analysis/${analysisId}`);
  await page.getByText('cannot show the format of this file').waitFor();
  await page.getByRole('slider', { name: 'Timeline' }).waitFor();
  const picture = page.getByRole('img', { name: /^The video at / });
  const shown = await picture.getAttribute('src');
  expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(640);
  await page.getByRole('button', { name: 'One picture on' }).click();
  await page.waitForFunction(
    (before) => document.querySelector('#evidence img')?.getAttribute('src') !== before,
    shown,
  );
  await expectAccessible(page);
});

test.runIf(hasModels)('what is cleared from the server is told, piece by piece', async () => {
  const data = inject('data');
  const artefacts = join(data, 'artefacts');
  const before = await readdir(artefacts, { recursive: true });
  const { analysisId } = await analysed('cleared.jpg');
  const content = await readFile(mediaFile('cleared.jpg'));
  const sha256 = createHash('sha256').update(content).digest('hex');
  await rm(join(data, 'uploads', sha256.slice(0, 2), sha256));
  const page = await visit(`/analysis/${analysisId}`);
  await page.getByText('The file is no longer stored').waitFor();
  await page.getByText('Faces as they were examined').waitFor();
  const now = await readdir(artefacts, { recursive: true });
  const own = now.filter((path) => path.endsWith('report.json') && !before.includes(path));
  expect(own).toHaveLength(1);
  await rm(dirname(join(artefacts, own[0] ?? '')), { recursive: true });
  await page.reload();
  await page.getByText('This is no longer stored').waitFor();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await expectAccessible(page);
  await page.goto('/history?q=cleared');
  await page.getByText('Expired: the report is no longer stored').waitFor();
});

test.runIf(hasModels)('Content Credentials are shown as context', async () => {
  const { analysisId } = await analysed('signed.jpg');
  const page = await visit(`/analysis/${analysisId}`);
  const file = page.locator('#file');
  await file.getByText(/^Intact/).waitFor();
  await file.getByText('made by generative AI').waitFor();
  await file.getByText('Test camera').waitFor();
  await page.locator('[data-stage=hints]').getByText('Content Credentials').waitFor();
  await expectAccessible(page);
  await page.goto(`/analysis/${analysisId}/report`);
  await page.getByRole('heading', { name: 'Content Credentials' }).waitFor();
});

test.runIf(hasModels)('a cut stream is taken up again without losing an event', async () => {
  const { analysisId } = await submit('talking-0.mp4');
  const page = await blank(WIDE, /ERR_INCOMPLETE|ERR_FAILED/);
  const asked: (string | undefined)[] = [];
  await page.route('**/events/*', async (route) => {
    asked.push(route.request().headers()['last-event-id']);
    if (asked.length > 1) return route.continue();
    // Three events arrive, then the connection ends as if a proxy had closed it.
    const headers = { 'Content-Type': 'text/event-stream' };
    return route.fulfill({ headers, body: await firstEvents(analysisId, 3) });
  });
  await page.goto(`/analysis/${analysisId}`);
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  expect(asked).toEqual([undefined, '3']);
  const states = await statesOf(page);
  expect(states.every((state) => state === 'done' || state === 'skipped')).toBe(true);
});

test.runIf(hasModels)('a running analysis can be cancelled', async () => {
  const ahead = await submit('talking-1.mp4');
  const { analysisId } = await submit('talking-2.mp4');
  const page = await visit(`/analysis/${analysisId}`);
  await page.getByRole('button', { name: 'Cancel the analysis' }).click();
  await page.getByRole('alert').getByText('This analysis was cancelled').waitFor();
  await expectAccessible(page);
  await fetch(`${inject('address')}/cancel/${ahead.analysisId}`, { method: 'POST' });
});

test.runIf(hasModels)('a finished analysis is replayed from its events', async () => {
  const { analysisId } = await analysed('voice.wav');
  const page = await visit(`/analysis/${analysisId}`);
  await page.getByRole('button', { name: 'Replay' }).click();
  const position = page.getByRole('slider', { name: 'Moment of the replay' });
  await position.waitFor();
  await page
    .getByRole('button', { name: 'Pause' })
    .or(page.getByRole('button', { name: 'Play' }))
    .waitFor();
  await position.focus();
  await page.keyboard.press('Home');
  expect(await page.locator('[data-stage=verdict]').getAttribute('data-state')).toBe('queued');
  await page.keyboard.press('End');
  await page.locator('[data-stage=verdict][data-state=done]').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Back to the result' }).click();
  await position.waitFor({ state: 'detached' });
});

test('without a network the page says so', async () => {
  const page = await visit('/', WIDE, /ERR_INTERNET_DISCONNECTED/);
  await page.getByText('Up to 20.0 MB a file').waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await page.setInputFiles('input[type=file]', mediaFile('voice.wav'));
  await page.getByRole('alert').getByText('The service does not answer').waitFor();
  await expectAccessible(page);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL('**/analysis/*');
});

/** The first events of an analysis as the service sends them. */
async function firstEvents(id: string, count: number): Promise<string> {
  const response = await fetch(`${inject('address')}/events/${id}`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const chunk = await reader?.read();
    text += chunk?.value ?? '';
    const events = text.split(/(?<=\r?\n\r?\n)/).filter((block) => /^id:/m.test(block));
    // The last piece may still be arriving.
    if (events.length > count) {
      await reader?.cancel();
      return events.slice(0, count).join('');
    }
    if (!chunk || chunk.done) throw new Error('the stream ended early');
  }
}
