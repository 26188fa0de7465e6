import { expect, test } from 'vitest';
import { unseenAuc, weakestCondition } from './summary';

const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });

test.each([
  ['one for all', { test: { real: 9, auc: interval(0.9) } }, [{ kind: '', auc: 0.9 }]],
  [
    'by kind',
    { test: { clips: { auc: interval(0.8), eer: 0.2 }, stills: { auc: 0.7 } } },
    [
      { kind: 'clips', auc: 0.8 },
      { kind: 'stills', auc: 0.7 },
    ],
  ],
  ['out of fold, without a test', { out_of_fold: { auc: 0.6 } }, [{ kind: '', auc: 0.6 }]],
  ['counts are no AUC', { test: { real: 357, fake: 548 } }, []],
  ['hostile shapes', { test: [1, 'x', null], conditions: 'none' }, []],
  ['nothing', null, []],
])('the AUC on unseen material: %s', (_, metrics, expected) => {
  expect(unseenAuc(metrics)).toEqual(expected);
});

test.each([
  [
    { conditions: { clean: { auc: 0.9, eer: 0.1 }, 'JPEG 40': { auc: 0.7, eer: 0.3 } } },
    { condition: 'JPEG 40', kind: '', auc: 0.7 },
  ],
  [
    {
      auc_by_condition: { clean: { swaps: 0.9, stills: 0.95 }, blur: { swaps: 0.8, stills: 0.6 } },
    },
    { condition: 'blur', kind: 'stills', auc: 0.6 },
  ],
  [
    { conditions: { clean: { 'auc clips': 0.79, 'real over half': 0.3 } } },
    { condition: 'clean', kind: 'clips', auc: 0.79 },
  ],
  [{ conditions: 'none' }, null],
  [null, null],
])('the weakest condition: %#', (metrics, expected) => {
  expect(weakestCondition(metrics)).toEqual(expected);
});
