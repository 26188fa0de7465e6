import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { blank, expectAccessible, expectNoOverflow, NARROW } from './browser';
import { BIN, type Service, startService } from './service';

let folder: string;
let service: Service;
let key: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-session-'));
  const data = join(folder, 'data');
  key = execFileSync(join(BIN, 'assay'), ['keys', 'create', 'City desk'], {
    env: { ...process.env, ASSAY_DATA_DIR: data },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  service = await startService(data);
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('who holds a key comes in, works, and leaves again', async () => {
  const page = await blank(NARROW, /401|no_key/, service.address);
  await page.goto(`${service.address}/history`);
  const input = page.getByLabel('Key');
  await input.waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);
  await input.fill('assay_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('A key is needed here').waitFor();
  await input.fill(key);
  await input.press('Enter');
  await page.getByText('Signed in with the key “City desk”').waitFor();

  // Uploads, events and pictures come with the cookie, which no script sees.
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await page.goto(service.address);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(join(inject('media'), 'portrait.jpg'));
  await page.waitForURL('**/analysis/*');
  await page.locator('[data-stage=ingest][data-state=done]').waitFor();
  await page.getByText('Signed by this service').click();
  await page.getByRole('link', { name: 'Signature' }).waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Key').waitFor();
  await page.goBack();
  await page.getByLabel('Key').waitFor();
});
