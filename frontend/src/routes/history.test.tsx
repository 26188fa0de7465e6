import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { ID, status } from '@/testing/fixtures';
import History from './history';

const OTHER = '0199aa00-0000-7000-8000-000000000002';
const rows = [
  { ...status, fileName: 'one.mp4' },
  { ...status, analysisId: OTHER, fileName: 'other.mp4' },
];

/** Serves the two; returns what was deleted. */
function serve(): string[] {
  const deleted: string[] = [];
  vi.stubGlobal('fetch', async (path: string, options?: RequestInit) => {
    if (options?.method === 'DELETE') {
      deleted.push(path);
      return new Response(null, { status: 204 });
    }
    const one = rows.find(({ analysisId }) => path === `/status/${analysisId}`);
    return Response.json(one ?? { items: rows, nextCursor: null });
  });
  return deleted;
}

function show(address: string) {
  window.history.replaceState(null, '', address);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <History />
    </QueryClientProvider>,
  );
}

afterEach(() => vi.unstubAllGlobals());

test('what is chosen stands in the address, so that a step back finds it', async () => {
  serve();
  show('/history');
  await userEvent.click(await screen.findByRole('checkbox', { name: /one/ }, { timeout: 20_000 }));
  await userEvent.click(screen.getByRole('checkbox', { name: /other/ }));
  await waitFor(() => expect(screen.getByText('2 selected')).toBeVisible());
  expect(new URLSearchParams(location.search).get('chosen')).toBe(`${ID},${OTHER}`);
  await userEvent.click(screen.getByRole('button', { name: 'Compare the two' }));
  expect(location.pathname).toBe(`/compare/${ID}/${OTHER}`);
});

test('only two are compared, and none again is a click', async () => {
  serve();
  show(`/history?chosen=${ID}`);
  expect(await screen.findByText('1 selected', {}, { timeout: 20_000 })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Compare the two' })).toBeDisabled();
  await userEvent.click(screen.getByRole('button', { name: 'Clear the selection' }));
  await waitFor(() => expect(location.search).toBe(''));
});

test('all chosen ones are deleted, after a question', async () => {
  const deleted = serve();
  show(`/history?chosen=${ID},${OTHER}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Delete the selected' }));
  await screen.findByText('Delete these 2 analyses?', {}, { timeout: 20_000 });
  expect(screen.getByText(/^one.mp4, other.mp4: the files/)).toBeInTheDocument();
  expect(deleted).toEqual([]);
  // What jsdom knows of dialogs does not make their buttons visible.
  await userEvent.click(screen.getByRole('button', { name: 'Delete', hidden: true }));
  await waitFor(() => expect(deleted).toEqual([`/analyses/${ID}`, `/analyses/${OTHER}`]), {
    timeout: 20_000,
  });
});
