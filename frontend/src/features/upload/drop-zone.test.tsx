import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DropZone } from './drop-zone';

const clip = new File(['x'], 'clip.mp4', { type: 'video/mp4' });

test('takes a chosen file', async () => {
  const onFiles = vi.fn();
  render(<DropZone onFiles={onFiles} />);
  await userEvent.upload(screen.getByLabelText(/Drop files here/), clip);
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([clip]);
});

test('takes a dropped file, and nothing from a drop without one', () => {
  const onFiles = vi.fn();
  render(<DropZone onFiles={onFiles} />);
  const zone = screen.getByText('Drop files here');
  fireEvent.dragOver(zone);
  expect(screen.getByText('Let go to analyse')).toBeVisible();
  fireEvent.drop(screen.getByText('Let go to analyse'), { dataTransfer: { files: [] } });
  expect(onFiles).not.toHaveBeenCalled();
  fireEvent.drop(screen.getByText('Drop files here'), { dataTransfer: { files: [clip] } });
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([clip]);
});
