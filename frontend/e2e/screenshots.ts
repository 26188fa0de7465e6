/** Writes docs/screenshots/*.png: every screen and state, from the real service. Needs all models. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { analysed, mediaFile, submit } from './analyses';
import { blank, DARK, NARROW, visit, WIDE } from './browser';

const OUT = resolve(import.meta.dirname, '../../docs/screenshots');
const SAMPLES = resolve(import.meta.dirname, '../public/samples');
mkdirSync(OUT, { recursive: true });

const FORGERY = { file: join(SAMPLES, 'forgery.mp4'), name: 'sample-forgery.mp4' };
const ORIGINAL = { file: join(SAMPLES, 'original.mp4'), name: 'sample-original.mp4' };
const LOOKS: [string, BrowserContextOptions][] = [
  ['', WIDE],
  ['-dark', DARK],
  ['-narrow', NARROW],
];

/** Everything has arrived: pictures, fonts, the film's first frame. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Lazy pictures below the window are never fetched, and would be waited for without end.
    const shown = [...document.images].filter(
      (image) => image.complete || image.loading !== 'lazy',
    );
    await Promise.all(shown.map((image) => image.decode().catch(() => undefined)));
  });
}

async function shoot(page: Page, name: string, fullPage = false): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage });
}

async function part(page: Page, selector: string, name: string): Promise<void> {
  await settled(page);
  // What follows the reader down the page would lie over a part that is taller than the window.
  await page.locator('nav.sticky').evaluateAll((bars) => {
    for (const bar of bars) (bar as HTMLElement).style.position = 'static';
  });
  await page.locator(selector).screenshot({ path: join(OUT, `${name}.png`) });
}

/** The replay at a moment when a stage runs: found by steps, after it has played and stands still. */
async function replayAt(page: Page, stage: string): Promise<void> {
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.locator('#pipeline').getByRole('button', { name: 'Play', exact: true }).waitFor();
  const node = page.locator(`[data-stage=${stage}]`);
  const step = async (key: string, states: string[]) => {
    while (states.includes((await node.getAttribute('data-state')) ?? '')) {
      await page.keyboard.press(key);
    }
  };
  await page.getByRole('slider', { name: 'Moment of the replay' }).focus();
  await page.keyboard.press('Home');
  await step('PageUp', ['queued']);
  // One large step may pass over all of a short stage.
  await step('ArrowLeft', ['done', 'skipped', 'failed']);
  expect(await node.getAttribute('data-state')).toBe('running');
}

test('first view, queue, refusal', async () => {
  for (const [suffix, options] of LOOKS) {
    const page = await visit('/', options);
    await page.getByText('Up to 20.0 MB a file').waitFor();
    await shoot(page, `home${suffix}`, true);
  }
  const page = await visit('/', WIDE, /status of 4\d\d/);
  await page.setInputFiles('input[type=file]', ['letter.mp4', 'voice.wav'].map(mediaFile));
  await page
    .getByRole('list', { name: 'Your files' })
    .getByText(/probability/)
    .waitFor();
  await shoot(page, 'queue');
});

test('a running analysis', async () => {
  const { analysisId } = await submit('talking-1.mp4', 'interview.mp4');
  const page = await visit(`/analysis/${analysisId}`);
  await page.locator('[data-stage=gate]:is([data-state=running], [data-state=done])').waitFor();
  await page.screenshot({ path: join(OUT, 'running.png') });
});

test('a verdict with its evidence', async () => {
  const { analysisId } = await analysed(FORGERY.file, FORGERY.name);
  for (const [suffix, options] of LOOKS) {
    const page = await visit(`/analysis/${analysisId}`, options);
    await page.locator('#file').waitFor();
    await page.getByRole('button', { name: 'Moment that counted most' }).click();
    await page.evaluate(() => scrollTo(0, 0));
    await shoot(page, `verdict${suffix}`);
    await shoot(page, `analysis${suffix}`, true);
  }
  const page = await visit(`/analysis/${analysisId}`);
  await page.locator('#file').waitFor();
  await part(page, '#evidence', 'evidence');
  await part(page, '#why', 'why');
  await part(page, '#file', 'file');
});

test('a replay, and the report', async () => {
  // Without early exit, or there might be no moment at which the faces are looked at.
  const { analysisId } = await analysed(FORGERY.file, FORGERY.name, inject('address'), true);
  const page = await visit(`/analysis/${analysisId}`);
  await page.locator('#file').waitFor();
  await replayAt(page, 'visual');
  await part(page, '#pipeline', 'replay');
  await page.goto(`/analysis/${analysisId}/report`);
  await page.getByRole('article').waitFor();
  await shoot(page, 'report', true);
});

test('the pipeline with every branch at work', async () => {
  const { analysisId } = await analysed('talking.mp4');
  const page = await visit(`/analysis/${analysisId}`);
  await page.locator('#file').waitFor();
  await part(page, '#pipeline', 'pipeline');
});

test('a still and a voice', async () => {
  for (const [file, name] of [
    ['portrait.jpg', 'still'],
    ['voice.wav', 'voice'],
  ] as const) {
    const { analysisId } = await analysed(file);
    const page = await visit(`/analysis/${analysisId}`);
    await page.locator('#file').waitFor();
    await shoot(page, name, true);
  }
});

test('failures', async () => {
  const { analysisId } = await analysed('broken.mp4');
  const failed = await visit(`/analysis/${analysisId}`);
  await failed.getByRole('alert').waitFor();
  await shoot(failed, 'failed');
  const lost = await visit('/no/such/page');
  await lost.getByRole('link', { name: 'Analyse something' }).waitFor();
  await shoot(lost, 'not-found');
  const offline = await visit('/', WIDE, /ERR_INTERNET_DISCONNECTED/);
  await offline.getByText('Up to 20.0 MB a file').waitFor();
  await offline.context().setOffline(true);
  await offline.setInputFiles('input[type=file]', mediaFile('voice.wav'));
  await offline.getByRole('alert').waitFor();
  await shoot(offline, 'offline');
  const busy = await blank(WIDE, /status of 503/);
  await busy.route('**/analyze', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'Retry-After': '60', 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({ code: 'busy', detail: '' }),
    }),
  );
  await busy.goto('/');
  await busy.setInputFiles('input[type=file]', mediaFile('voice.wav'));
  await busy.getByRole('alert').waitFor();
  await shoot(busy, 'busy');
});

test('credentials, and what is gone', async () => {
  const { analysisId } = await analysed('signed.jpg');
  const signed = await visit(`/analysis/${analysisId}`);
  await part(signed, '#file', 'credentials');
  const doomed = await analysed('cleared.jpg', 'doomed.jpg');
  await fetch(`${inject('address')}/analyses/${doomed.analysisId}`, { method: 'DELETE' });
  const gone = await visit(`/analysis/${doomed.analysisId}`, WIDE, /status of 410/);
  await gone.getByRole('alert').waitFor();
  await shoot(gone, 'gone');
});

test('history, comparison, models', async () => {
  const one = await analysed(ORIGINAL.file, ORIGINAL.name);
  const other = await analysed(FORGERY.file, FORGERY.name);
  for (const [suffix, options] of LOOKS) {
    const page = await visit('/history', options);
    await page.getByRole('checkbox').first().waitFor();
    await shoot(page, `history${suffix}`);
    await page.goto(`/compare/${one.analysisId}/${other.analysisId}`);
    await page.getByRole('table').waitFor();
    await shoot(page, `compare${suffix}`, true);
    await page.goto('/model-cards');
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await shoot(page, `models${suffix}`);
  }
  const empty = await visit('/history?q=nothing of this name');
  await empty.getByText('No analysis fits').waitFor();
  await shoot(empty, 'history-empty');
});
