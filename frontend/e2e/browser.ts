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

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const NARROW = { viewport: { width: 390, height: 844 }, hasTouch: true };
export const DARK = { ...WIDE, colorScheme: 'dark' as const };
/** After which something that should happen will not: many times what the longest analysis takes. */
const PATIENCE_MS = 60_000;

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
  const page = await blank(options, expected);
  await page.goto(inject('address') + path);
  return page;
}

/** As `visit`, before it goes anywhere: for tests that come between the page and the service. */
export async function blank(
  options: BrowserContextOptions = WIDE,
  expected?: RegExp,
  address = inject('address'),
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: address,
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
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
  return page;
}

/** Nothing may be wider than the screen. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(screen ?? 0);
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
