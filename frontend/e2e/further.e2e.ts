import { expect, test } from 'vitest';
import { analysed } from './analyses';
import { expectAccessible, expectNoOverflow, NARROW, visit, WIDE } from './browser';
import { hasModels } from './service';

test.runIf(hasModels).each([WIDE, NARROW])(
  'a part is examined without a new upload',
  async (as) => {
    const { analysisId } = await analysed('talking.mp4');
    const page = await visit(`/analysis/${analysisId}`, as);
    await page.getByLabel('From').fill('0.5');
    await page.getByLabel('To', { exact: true }).fill('2.5');
    await page.getByRole('button', { name: 'Examine this part' }).click();
    await page.waitForURL((url) => !url.pathname.includes(analysisId));
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
    await page.getByText('From 0:00.5 to 0:02.5').first().waitFor();
    await page.getByRole('link', { name: 'As usual' }).first().waitFor();
    await expectAccessible(page);
    await expectNoOverflow(page);
  },
);

test.runIf(hasModels)('what a file turned out to be is told and counted', async () => {
  const { analysisId } = await analysed('voice.wav');
  const page = await visit(`/analysis/${analysisId}`);
  const fake = page.getByRole('button', { name: 'A fake' });
  await fake.click();
  await page.getByRole('button', { name: 'Take back' }).waitFor();
  expect(await fake.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('link', { name: 'How verdicts fared' }).click();
  await page.getByRole('heading', { name: 'How verdicts fared' }).waitFor();
  await page.getByRole('link', { name: 'voice.wav' }).waitFor();
  await expectAccessible(page);
});

test.runIf(hasModels)('all of a file is scored, beside the sample that decides', async () => {
  const { analysisId } = await analysed('talking.mp4');
  const response = await fetch(
    new URL(`/analyses/${analysisId}/examinations`, (await visit('/')).url()),
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ thorough: true }),
    },
  );
  const { analysisId: thorough } = (await response.json()) as { analysisId: string };
  const page = await visit(`/analysis/${thorough}`);
  await page.getByRole('heading', { name: 'All of it, moment by moment' }).waitFor();
  await page.getByText('The verdict does not rest on these scores.').waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);
});
