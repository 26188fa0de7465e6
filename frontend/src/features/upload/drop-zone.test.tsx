import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DropZone } from './drop-zone';

const clip = new File(['x'], 'clip.mp4', { type: 'video/mp4' });

test('takes a chosen file', async () => {
  const onFile = vi.fn();
  render(<DropZone onFile={onFile} />);
  await userEvent.upload(screen.getByLabelText(/Drop a file here/), clip);
  expect(onFile).toHaveBeenCalledExactlyOnceWith(clip);
});

test('takes a dropped file, and nothing from a drop without one', () => {
  const onFile = vi.fn();
  render(<DropZone onFile={onFile} />);
  const zone = screen.getByText('Drop a file here');
  fireEvent.dragOver(zone);
  expect(screen.getByText('Let go to analyse it')).toBeVisible();
  fireEvent.drop(screen.getByText('Let go to analyse it'), { dataTransfer: { files: [] } });
  expect(onFile).not.toHaveBeenCalled();
  fireEvent.drop(screen.getByText('Drop a file here'), { dataTransfer: { files: [clip] } });
  expect(onFile).toHaveBeenCalledExactlyOnceWith(clip);
});
