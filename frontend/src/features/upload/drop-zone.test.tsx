import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DropZone } from './drop-zone';

test('takes a chosen file', async () => {
  const clip = new File(['x'], 'clip.mp4', { type: 'video/mp4' });
  const onFiles = vi.fn();
  render(<DropZone onFiles={onFiles} />);
  await userEvent.upload(screen.getByLabelText(/Drop files here/), clip);
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([clip]);
});
