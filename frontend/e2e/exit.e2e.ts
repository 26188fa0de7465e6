import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysed } from './analyses';
import { blank, expectAccessible, WIDE } from './browser';
import { hasModels, MODELS, type Service, startService } from './service';

/** No patch is that suspicious: every face that is examined passes the gate. */
const ALWAYS = 1e6;

describe.runIf(hasModels)('with a gate that lets everything pass', () => {
  let folder: string;
  let service: Service;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-exit-'));
    const models = join(folder, 'models');
    cpSync(MODELS, models, { recursive: true });
    const path = join(models, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    manifest.models.tiny_ladeda.parameters.exit_below = ALWAYS;
    writeFileSync(path, JSON.stringify(manifest));
    service = await startService(join(folder, 'data'), models);
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the early exit shows as the way around what it spared', async () => {
    const { analysisId } = await analysed('talking.mp4', 'talking.mp4', service.address);
    const page = await blank(WIDE, undefined, service.address);
    await page.goto(`${service.address}/analysis/${analysisId}`);
    for (const stage of ['visual', 'temporal']) {
      const node = page.locator(`[data-stage=${stage}][data-state=skipped]`);
      await node.getByText(/Early exit/).waitFor();
    }
    // The voice is never skipped.
    expect(await page.locator('[data-stage=audio]').getAttribute('data-state')).toBe('done');
    expect(await page.locator('[data-flow=done] text').textContent()).toBe('early exit');
    await expectAccessible(page);
  });
});
