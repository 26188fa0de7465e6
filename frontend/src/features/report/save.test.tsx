import { render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { report, stages, status } from '@/testing/fixtures';
import { selfContained } from './save';
import { Sheet } from './sheet';

afterEach(() => vi.unstubAllGlobals());

test('the saved report needs nothing from elsewhere and holds what is needed to check it', async () => {
  // The simulated page reads only blobs of its own, and Node's response would make another kind.
  const face = new Blob(['face'], { type: 'image/jpeg' });
  vi.stubGlobal('fetch', async () => ({ ok: true, blob: async () => face }));
  render(<Sheet status={status} report={report} stages={stages} />);
  const html = await selfContained(screen.getByRole('article'), 'Report · a <b> & c');
  expect(html).toContain('<title>Report · a &lt;b&gt; &amp; c</title>');
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(html).toContain('data:image/jpeg;base64,');
  for (const told of [report.media.sha256, status.analysisId, ...Object.values(report.models)]) {
    expect(html).toContain(told);
  }
  for (const name of Object.keys(report.features)) expect(html).toContain(name);
});

test('a picture that is gone stops the download with a reason', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ code: 'not_found' }, { status: 404 }));
  render(<Sheet status={status} report={report} stages={stages} />);
  await expect(selfContained(screen.getByRole('article'), 'x')).rejects.toMatchObject({
    code: 'not_found',
  });
});
