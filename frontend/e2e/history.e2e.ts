import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { analysed } from './analyses';
import { DARK, expectAccessible, expectNoOverflow, NARROW, visit, WIDE } from './browser';
import { hasModels } from './service';

describe.runIf(hasModels)('with two analyses', () => {
  beforeAll(async () => {
    await analysed('voice.wav', 'harbour speech.wav');
    await analysed('portrait.jpg', 'harbour portrait.jpg');
  });

  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
    ['dark', DARK],
  ])('the history is accessible, %s', async (_, options) => {
    const page = await visit('/history', options);
    await page.getByRole('link', { name: 'harbour portrait.jpg' }).first().waitFor();
    await expectAccessible(page);
    await expectNoOverflow(page);
  });

  test('is searched by name, and the search is an address', async () => {
    const page = await visit('/history');
    await page.getByRole('searchbox').fill('HARBOUR SPEECH');
    await page.getByRole('link', { name: 'harbour portrait.jpg' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'harbour speech.wav' }).first().waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'harbour speech.wav' }).first().waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('HARBOUR SPEECH');
    await page.getByRole('searchbox').fill('no such name');
    await page.getByText('No analysis fits what you look for.').waitFor();
    await expectAccessible(page);
  });

  test('is narrowed by kind and verdict, ordered, and finds notes', async () => {
    const { analysisId } = await analysed('portrait.jpg', 'harbour portrait.jpg');
    const page = await visit('/history');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Recordings');
    await page.getByRole('link', { name: 'harbour speech.wav' }).first().waitFor();
    await page.getByRole('link', { name: 'harbour portrait.jpg' }).waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'Order' }).selectOption('By name');
    await page.waitForURL(/kind=audio.*order=name/);
    await page.reload();
    expect(await page.getByRole('combobox', { name: 'Kind' }).inputValue()).toBe('audio');

    await page.goto(`/analysis/${analysisId}`);
    await page.getByLabel('Your note').fill('Sent by the harbour master');
    await page.getByRole('button', { name: 'Save the note' }).click();
    await page.getByText('Saved.').waitFor();
    await page.goto('/history?q=harbour master');
    await page.getByText('Sent by the harbour master').waitFor();
    await page.locator('li img').first().waitFor();
    await expectAccessible(page);
    await page.setViewportSize(NARROW.viewport);
    await expectNoOverflow(page);
  });

  test('two are compared side by side', async () => {
    const page = await visit('/history?q=harbour');
    await page
      .getByRole('checkbox', { name: /harbour speech/ })
      .first()
      .check();
    await page
      .getByRole('checkbox', { name: /harbour portrait/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'Compare the two' }).click();
    await page.getByRole('heading', { name: 'Side by side' }).waitFor();
    await page.getByRole('rowheader', { name: 'Gate, on average' }).waitFor();
    await expectAccessible(page);
    await page.setViewportSize(NARROW.viewport);
    await expectNoOverflow(page);
  });

  test('one is deleted, after a question', async () => {
    const { analysisId } = await analysed('voice.wav', 'doomed.wav');
    const page = await visit('/history?q=doomed', WIDE, /status of 410/);
    await page.getByRole('button', { name: 'Delete doomed.wav' }).click();
    await page.getByRole('dialog').getByText('This cannot be undone').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('button', { name: 'Delete doomed.wav' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No analysis fits what you look for.').waitFor();
    await page.goto(`/analysis/${analysisId}`);
    await page.getByRole('heading', { name: 'This is no longer stored' }).waitFor();
  });

  test('a report leaves as JSON, as a web page of its own and as PDF', async () => {
    const { analysisId } = await analysed('portrait.jpg', 'harbour portrait.jpg');
    const page = await visit(`/analysis/${analysisId}`);
    const leaves = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Report as JSON' }).click();
    const json = await leaves;
    expect(json.suggestedFilename()).toMatch(
      new RegExp(`^assay-harbour-portrait-\\d{4}-\\d\\d-\\d\\d-${analysisId.slice(0, 8)}.json$`),
    );
    const report = JSON.parse(await readFile(await json.path(), 'utf8'));
    expect(Object.keys(report.features)).toHaveLength(12);
    expect(report).toMatchObject({ analysisId, fileName: 'harbour portrait.jpg' });

    await page.getByRole('link', { name: 'Report (web page, PDF)' }).click();
    await page.getByRole('article').getByText(report.media.sha256).waitFor();
    await expectAccessible(page);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a web page' }).click();
    const html = await readFile(await (await saved).path(), 'utf8');
    expect(html).toContain(report.media.sha256);
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    await page.setViewportSize(NARROW.viewport);
    await expectNoOverflow(page);
  });
});

test.each([
  ['wide', WIDE],
  ['narrow', NARROW],
])('the models page is accessible, %s', async (_, options) => {
  const page = await visit('/model-cards', options, /status of 503/);
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  await page.getByRole('heading', { level: 2 }).or(page.getByRole('alert')).first().waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);
});
