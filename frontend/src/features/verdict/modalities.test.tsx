import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { report } from '@/testing/fixtures';
import { Modalities } from './modalities';

test('each modality is told with its share and how often that is right', () => {
  render(<Modalities list={report.modalities} decidedBy={null} />);
  const told = screen.getAllByRole('definition').map((one) => one.textContent);
  expect(told).toEqual([
    'Made or altered 93\u00a0%Of 77 such verdicts on media of 9 sources that nothing had learned from, 92 % were right.',
    'No trace found 11\u00a0%Of 34 such verdicts on media of 3 sources that nothing had learned from, 88 % were right.',
    'Not decided 48\u00a0%',
  ]);
});

test('the one that decided alone is named', () => {
  render(<Modalities list={report.modalities} decidedBy="voice" />);
  expect(screen.getAllByText(/decided the verdict/)).toHaveLength(1);
  expect(screen.getAllByRole('definition')[1]).toHaveTextContent('decided the verdict');
});

test('nothing is drawn where nothing was judged', () => {
  const { container } = render(<Modalities list={[]} decidedBy={null} />);
  expect(container).toBeEmptyDOMElement();
});
