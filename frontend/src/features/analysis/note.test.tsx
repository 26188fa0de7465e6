import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect, useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ID, status } from '@/testing/fixtures';
import { Note } from './note';

afterEach(() => vi.unstubAllGlobals());

const client = new QueryClient();

/** Hands on what the cache learns, as the screen does. */
function Followed({ note }: { note: string }) {
  const [now, setNow] = useState({ ...status, note });
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query }) => {
        if (query.state.data) setNow(query.state.data as typeof now);
      }),
    [],
  );
  return <Note status={now} />;
}

function show(note: string) {
  client.clear();
  render(
    <QueryClientProvider client={client}>
      <Followed note={note} />
    </QueryClientProvider>,
  );
}

test('a note is kept when a person says so, and only then', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    sent.push([path, JSON.parse(body)]);
    return Response.json({ ...status, note: JSON.parse(body).text });
  });
  show('seen on air');
  const save = screen.getByRole('button', { name: 'Save the note' });
  expect(save).toBeDisabled();
  await userEvent.type(screen.getByLabelText('Your note'), ' twice');
  expect(sent).toEqual([]);
  await userEvent.click(save);
  expect(await screen.findByText('Saved.', {}, { timeout: 20_000 })).toBeVisible();
  expect(sent).toEqual([[`/analyses/${ID}/note`, { text: 'seen on air twice' }]]);
  expect(save).toBeDisabled();
});

test('what could not be kept stays in the field, with the reason', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ code: 'not_ready' }, { status: 503 }));
  show('');
  await userEvent.type(screen.getByLabelText('Your note'), 'x');
  await userEvent.click(screen.getByRole('button', { name: 'Save the note' }));
  expect(await screen.findByRole('alert', {}, { timeout: 20_000 })).toBeVisible();
  expect(screen.getByLabelText('Your note')).toHaveValue('x');
});
