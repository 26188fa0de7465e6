/** A Chromium for the tests, and pages that complain about everything that went wrong in them. */
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const WIDE = { viewport: { width: 1280, height: 860 } };
export const NARROW = { viewport: { width: 390, height: 844 }, hasTouch: true };

let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(() => browser.close());

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  const heard = complaints.splice(0);
  expect(heard, 'errors in the browser').toEqual([]);
});

/**
 * A fresh page at a path of the service.
 *
 * Whatever the page prints as error or warning, throws, or asks of another host fails the test.
 * `expected` allows what a test provokes: browsers print a line for every refused request.
 */
export async function visit(
  path: string,
  options: BrowserContextOptions = WIDE,
  expected?: RegExp,
): Promise<Page> {
  const address = inject('address');
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complain = (text: string) => expected?.test(text) || complaints.push(text);
  page.on('pageerror', (error) => complain(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(message.text());
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address)) {
      complain(`foreign request: ${request.url()}`);
    }
  });
  await page.goto(address + path);
  return page;
}

/** Fails on anything that WCAG A or AA forbids and axe can see. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const { violations } = await checker.run(document, { runOnly: tags });
    return violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((n) => n.html) }));
  });
  expect(violations).toEqual([]);
}
