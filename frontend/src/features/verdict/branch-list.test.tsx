import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { report, stages } from '@/testing/fixtures';
import { BranchList } from './branch-list';

test('branches stand in the order in which they counted, and each says which way', () => {
  render(<BranchList report={report} stages={stages} />);
  const told = screen.getAllByRole('listitem').map((item) => item.textContent ?? '');
  expect(told.map((text) => text.match(/^.*?forgery|^.*?not count/)?.[0])).toEqual([
    'FacesCounted towards a forgery',
    'Faces over timeCounted towards a forgery',
    'GateCounted towards a forgery',
    'VoiceCounted against a forgery',
    'Lips and voiceDid not count',
  ]);
});
