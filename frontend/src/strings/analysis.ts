export const analysis = {
  cancelled: 'Cancelled',
  cached: 'Answered from an earlier analysis of the same file.',
  another: 'Analyse another file',
  failedTitle: 'This file could not be judged',
  waiting: 'The verdict appears here as soon as the evidence is weighed.',
} as const;
