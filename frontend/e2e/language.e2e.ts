import { expect, test } from 'vitest';
import type { Report } from '@/api/types';
import { analysed } from './analyses';
import { expectAccessible, expectNoOverflow, NARROW, visit, WIDE } from './browser';
import { hasModels } from './service';

const SPANISH = { ...WIDE, locale: 'es-MX' };

test('the page speaks the language of the browser', async () => {
  const page = await visit('/', SPANISH);
  await page.getByRole('heading', { name: '¿Es real?' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  await expectAccessible(page);
  await page.setViewportSize(NARROW.viewport);
  await expectNoOverflow(page);
});

test('a choice goes before it, and is remembered', async () => {
  const page = await visit('/history', SPANISH);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await page.goto('/model-cards');
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('heading', { name: 'Modelos', level: 1 }).waitFor();
});

test('the API is described on a page of its own', async () => {
  const page = await visit('/');
  await page.getByRole('link', { name: 'API documentation' }).click();
  await page.getByRole('heading', { name: 'POST /analyze' }).waitFor();
  await expectAccessible(page);
  await page.setViewportSize(NARROW.viewport);
  await expectNoOverflow(page);
});

test.runIf(hasModels).each(['talking.mp4', 'portrait.jpg', 'voice.wav'])(
  'no sentence of the service about %s stays in English',
  async (name) => {
    const { analysisId } = await analysed(name);
    const page = await visit(`/analysis/${analysisId}`, SPANISH);
    await page.getByRole('region', { name: 'Veredicto' }).waitFor();
    await page.locator('#file').waitFor();
    await page.locator('[data-stage]').first().waitFor();
    const told = await page.locator('main').textContent();
    const answer = await page.request.get(`/report/${analysisId}`);
    const report = (await answer.json()) as Report;
    const sentences = [
      report.summary,
      ...report.warnings,
      ...(report.hints?.traces ?? []),
      ...Object.values(report.branches).flatMap(({ sentence, reason }) => [sentence, reason]),
    ];
    for (const sentence of sentences) if (sentence) expect(told).not.toContain(sentence);
    await expectAccessible(page);
  },
);
