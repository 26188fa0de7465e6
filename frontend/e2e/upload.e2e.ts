import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { expectAccessible, NARROW, visit, WIDE } from './browser';

const hasModels = existsSync(resolve(import.meta.dirname, '../../models/manifest.json'));
const file = (name: string) => join(inject('media'), name);

test.each([
  ['wide', WIDE],
  ['narrow', NARROW],
  ['dark', { ...WIDE, colorScheme: 'dark' as const }],
])('the first view is accessible, %s', async (_, options) => {
  const page = await visit('/', options);
  await page.getByRole('heading', { name: 'Is it real?' }).waitFor();
  await expectAccessible(page);
});

test('the file dialogue opens from the keyboard', async () => {
  const page = await visit('/');
  await page.getByText('Drop a file here').waitFor();
  const chooser = page.waitForEvent('filechooser');
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.matches('input[type=file]'))) break;
  }
  await page.keyboard.press('Enter');
  await chooser;
});

test.each([
  ['letter.mp4', 'This is not a video, picture or sound'],
  ['empty.mp4', 'The file is empty'],
])('%s is refused in words', async (name, words) => {
  const page = await visit('/', WIDE, /status of 4\d\d/);
  await page.setInputFiles('input[type=file]', file(name));
  await page.getByRole('alert').getByText(words).waitFor();
  await expectAccessible(page);
});

test('an address that names nothing says so', async () => {
  const page = await visit('/no/such/page');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
});

test('an analysis that does not exist says so', async () => {
  const page = await visit('/analysis/00000000-0000-4000-8000-000000000000', WIDE, /status of 404/);
  await page.getByText('There is no such analysis').waitFor();
  await expectAccessible(page);
});

test.runIf(hasModels).each([
  ['talking.mp4', WIDE],
  ['talking.mp4', NARROW],
  ['portrait.jpg', WIDE],
  ['voice.wav', WIDE],
])('%s, from upload to verdict', async (name, options) => {
  const page = await visit('/', options);
  await page.setInputFiles('input[type=file]', file(name));
  await page.waitForURL('**/analysis/*');
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  const states = await page
    .locator('[data-stage]')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-state')));
  expect(states.length).toBeGreaterThan(5);
  expect(states.every((state) => state === 'done' || state === 'skipped')).toBe(true);
  await page.getByRole('heading', { name: 'The twelve features' }).waitFor();
  expect(await page.getByRole('rowheader').count()).toBe(12);
  await expectAccessible(page);
});
