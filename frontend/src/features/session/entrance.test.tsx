import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '@/api/types';
import { Entrance } from './entrance';
import { KeyHolder } from './key-holder';

const key = {
  id: 'ab',
  name: 'City desk',
  scopes: [],
  expiresAt: null,
  perMinute: 1,
  perDay: null,
};
const closed: Session = { open: false, key: null };
const held = { open: false, key } as Session;

/** A service that answers what it is told, one after another. */
function serve(...answers: (Session | 'refused')[]) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? 'GET'} ${path} ${init?.body ?? ''}`.trim());
    const answer = answers.shift();
    if (answer !== 'refused') return Response.json(answer);
    return Response.json({ code: 'no_key', detail: '' }, { status: 401 });
  });
  render(
    <QueryClientProvider
      client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
    >
      <Entrance>behind</Entrance>
      <KeyHolder />
    </QueryClientProvider>,
  );
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test('where nobody needs a key there is no door', async () => {
  serve({ open: true, key: null });
  expect(await screen.findByText('behind')).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a key opens it, a wrong one does not', async () => {
  const asked = serve(closed, 'refused', held);
  const input = await screen.findByLabelText('Key');
  expect(screen.queryByText('behind')).toBeNull();
  const enter = screen.getByRole('button', { name: 'Sign in' });
  expect(enter).toBeDisabled();
  await userEvent.type(input, 'wrong');
  await userEvent.click(enter);
  expect(await screen.findByRole('alert')).toHaveTextContent('A key is needed here');
  await userEvent.clear(input);
  await userEvent.type(input, 'right{Enter}');
  expect(await screen.findByText('behind')).toBeVisible();
  expect(screen.getByText(/Signed in with the key “City desk”/)).toBeVisible();
  expect(asked).toContain('POST /session {"key":"right"}');
});

test('where the service does not answer, what is behind says so', async () => {
  serve('refused');
  expect(await screen.findByText('behind')).toBeVisible();
});
