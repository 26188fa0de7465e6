import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { glossary } from '@/strings';
import { Glossed } from './glossed';

const terms = () => screen.queryAllByRole('button').map((button) => button.textContent);

test.each([
  ['Each feature moves the log-odds; the log-odds add up.', ['log-odds']],
  ['HEATMAP and heatmap', ['HEATMAP']],
  ['Heatmaps, preheatmap, log-oddsish, branches', []],
  ['AUC 0.9, key frame.', ['AUC', 'key frame']],
  ['', []],
])('of “%s” the terms are explained once each', (text, expected) => {
  const { container } = render(<Glossed text={text} />);
  expect(terms()).toEqual(expected);
  expect(container.textContent).toBe(text);
});

test('the keyboard shows a meaning, and goes on', async () => {
  render(<Glossed text="AUC" />);
  await userEvent.tab();
  expect(await screen.findByText(glossary.AUC ?? '', {}, { timeout: 20_000 })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByText(glossary.AUC ?? '')).toBeNull();
});
