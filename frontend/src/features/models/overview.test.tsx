import { render, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ModelCard } from '@/api/types';
import { Overview } from './overview';

const model = (name: string, metrics: ModelCard['metrics']): ModelCard => ({
  name,
  serve: 'model.onnx',
  files: { 'model.onnx': 'ab'.repeat(32) },
  parameters: {},
  card: null,
  metrics,
});

test('a line a model, with its numbers where there are some', () => {
  const voice = model('audio_encoder', {
    test: { auc: { value: 0.7712, low: 0.6, high: 0.9 } },
    conditions: { clean: { auc: 0.9 }, 'noise 15 dB': { auc: 0.66 } },
  });
  render(<Overview models={[voice, model('stranger', null)]} shown="stranger" />);
  const [first, second] = screen.getAllByRole('row').slice(1);
  if (!first || !second) throw new Error('two lines are missing');
  expect(within(first).getByRole('link', { name: 'Voice, as a whole' })).toBeVisible();
  expect(first).toHaveTextContent('AUC 0.771');
  expect(first).toHaveTextContent('noise 15 dB: AUC 0.660');
  expect(within(second).getByRole('link', { name: 'stranger' })).toHaveAttribute('aria-current');
  expect(within(second).getAllByText('—')).toHaveLength(3);
});
