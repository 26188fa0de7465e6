import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { mediaFile } from './analyses';
import { blank, DARK, expectAccessible, expectNoOverflow, NARROW, visit, WIDE } from './browser';
import { hasModels } from './service';

const INPUT = 'input[type=file]';

test.each([
  ['wide', WIDE],
  ['narrow', NARROW],
  ['dark', DARK],
])('the first view is accessible, %s', async (_, options) => {
  const page = await visit('/', options);
  await page.getByRole('heading', { name: 'Is it real?' }).waitFor();
  await page.getByText('Up to 20.0 MB a file').waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);
});

test('the file dialogue opens from the keyboard', async () => {
  const page = await visit('/');
  await page.getByText('Drop files here').waitFor();
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
  await page.setInputFiles(INPUT, mediaFile(name));
  await page.getByRole('alert').getByText(words).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: `Take ${name} off the list` }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('what is too large is refused without being sent', async () => {
  const page = await visit('/');
  await page.getByText('Up to 20.0 MB a file').waitFor();
  const buffer = Buffer.alloc(20_000_001);
  await page.setInputFiles(INPUT, { name: 'long.mp4', mimeType: 'video/mp4', buffer });
  await page.getByRole('alert').getByText('The file is too large').waitFor();
});

test('a pasted file is taken', async () => {
  const page = await visit('/', WIDE, /status of 415/);
  await page.getByText('Drop files here').waitFor();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['no picture'], 'pasted.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
  });
  await page.getByText('pasted.png').waitFor();
  await page.getByRole('alert').getByText('This is not a video').waitFor();
});

test('a file that is dropped on another screen is taken, and the queue survives a reload', async () => {
  const page = await visit('/history');
  await page.getByRole('heading', { name: 'History' }).waitFor();
  for (const name of ['one.wav', 'two.wav']) {
    // Two at once: one that comes alone opens by itself.
    await page.evaluate(
      ([name, bytes]) => {
        const data = new Uint8Array(bytes);
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([data], name, { type: 'audio/wav' }));
        if (name === 'one.wav') {
          dataTransfer.items.add(new File([data], 'other.wav', { type: 'audio/wav' }));
        }
        document.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
      },
      [name, [...(await readFile(mediaFile('voice.wav')))]] as const,
    );
  }
  const queue = page.getByRole('list', { name: 'Your files' });
  await queue.getByRole('link', { name: 'Open' }).nth(2).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.reload();
  await queue.getByRole('link', { name: 'Open' }).nth(2).waitFor();
  await queue.getByText('other.wav').waitFor();
});

test('an upload can be cancelled', async () => {
  const page = await blank();
  // The service never gets to answer.
  await page.route('**/analyze', () => undefined);
  await page.goto('/');
  await page.setInputFiles(INPUT, mediaFile('voice.wav'));
  await page.getByRole('button', { name: 'Cancel voice.wav' }).click();
  await page.getByRole('list', { name: 'Your files' }).waitFor({ state: 'detached' });
});

test('a busy service holds the queue back, then takes the file', async () => {
  const page = await blank(WIDE, /status of 503/);
  let asked = 0;
  await page.route('**/analyze', (route) => {
    asked += 1;
    if (asked > 1) return route.continue();
    return route.fulfill({
      status: 503,
      headers: { 'Retry-After': '1', 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({ code: 'busy', detail: 'Too many analyses are waiting.' }),
    });
  });
  await page.goto('/');
  await page.setInputFiles(INPUT, mediaFile('voice.wav'));
  await page.getByRole('alert').getByText('Too many analyses are waiting').waitFor();
  await page.waitForURL('**/analysis/*');
  expect(asked).toBe(2);
});

test.runIf(hasModels)('several files go through the queue one after the other', async () => {
  const page = await visit('/', WIDE, /status of 415/);
  const files = ['voice.wav', 'letter.mp4', 'portrait.jpg'].map(mediaFile);
  await page.setInputFiles(INPUT, files);
  const queue = page.getByRole('list', { name: 'Your files' });
  await queue.getByText('This is not a video, picture or sound').waitFor();
  await queue
    .getByText(/probability/)
    .nth(1)
    .waitFor();
  await expectAccessible(page);
  await queue.getByRole('link', { name: 'Open' }).first().click();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  // The list is still there after a look at an analysis.
  await page.goBack();
  await queue.getByText('portrait.jpg').waitFor();
});

test('a sample is fetched and sent', async () => {
  const page = await visit('/');
  await page.getByRole('button', { name: 'Try the forgery' }).click();
  await page.waitForURL('**/analysis/*');
  await page.getByRole('heading', { name: 'sample-forgery.mp4' }).waitFor();
  await page.getByRole('button', { name: 'Cancel the analysis' }).click();
  await page.getByText('This analysis was cancelled').waitFor();
});
