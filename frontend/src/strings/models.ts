export const models = {
  title: 'Judge the judge',
  lead: 'Every model that speaks in a verdict: what it learned from, how well it does on material it never saw, and where it fails.',
  empty: 'No models are installed.',
  contents: 'Models',
  serves: 'Serves',
  hash: 'SHA-256',
  numbersTitle: 'Measured numbers',
  interval: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
  noNumbers: 'No numbers have been published for this model.',
  noCard: 'No card has been published for this model.',
  reliability: {
    title: 'Is 80 % really 80 %?',
    lead: 'Each mark groups similar scores: what was stated, against the share that was really forged. On the diagonal, the two agree.',
    x: 'Stated',
    y: 'Really forged',
    bin: (stated: number, observed: number, count: number) =>
      `Stated ${stated} %, really ${observed} %, ${count} files`,
    label: 'Reliability diagram',
  },
} as const;
