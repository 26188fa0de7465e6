import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Metrics } from './metrics';

test('intervals, conditions and calibration each get their own view', () => {
  render(
    <Metrics
      metrics={{
        rows: 1622,
        auc: { value: 0.8732, low: 0.81, high: 0.8989 },
        conditions: { clean: { auc: 0.97, eer: 0.04 }, 'JPEG 40': { auc: 0.91, eer: 0.11 } },
        reliability: [
          [40, 0.1, 0.08],
          [60, 0.9, 0.93],
        ],
      }}
    />,
  );
  expect(screen.getByText('1,622')).toBeVisible();
  expect(screen.getByText('0.873 (0.81 to 0.899)')).toBeVisible();
  expect(screen.getByRole('rowheader', { name: 'JPEG 40' })).toBeVisible();
  expect(screen.getByRole('img', { name: 'Reliability diagram' })).toBeVisible();
});
