import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FilesAnywhere } from './files-anywhere';
import { Queue } from './queue';
import { UploadsProvider } from './uploads-context';

const clip = new File(['x'], 'clip.mp4', { type: 'video/mp4' });
const dragged = (types: string[], files: File[] = []) => ({ dataTransfer: { types, files } });

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ maxUploadBytes: 0, maxPicturePixels: 1 }));
  sessionStorage.clear();
  window.history.replaceState(null, '', '/history');
  render(
    <QueryClientProvider client={new QueryClient()}>
      <UploadsProvider>
        <FilesAnywhere />
        <Queue />
      </UploadsProvider>
    </QueryClientProvider>,
  );
});
afterEach(() => vi.unstubAllGlobals());

test('a file that is dropped on any screen is taken to the queue', () => {
  fireEvent.dragOver(document.body, dragged(['Files']));
  expect(screen.getByText('Let go to analyse')).toBeVisible();
  fireEvent.drop(document.body, dragged(['Files'], [clip]));
  expect(screen.queryByText('Let go to analyse')).toBeNull();
  expect(screen.getByText('clip.mp4')).toBeVisible();
  expect(location.pathname).toBe('/');
});

test('what is no file passes by', () => {
  fireEvent.dragOver(document.body, dragged(['text/plain']));
  expect(screen.queryByText('Let go to analyse')).toBeNull();
  fireEvent.drop(document.body, dragged(['text/plain']));
  fireEvent.drop(document.body, dragged(['Files'], []));
  expect(location.pathname).toBe('/history');
});

test('what leaves the window is let go', () => {
  fireEvent.dragOver(document.body, dragged(['Files']));
  fireEvent.dragLeave(document.body, { relatedTarget: null });
  expect(screen.queryByText('Let go to analyse')).toBeNull();
});
