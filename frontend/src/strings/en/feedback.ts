import type { Truth } from '@/api/types';

export const feedback = {
  ask: 'What did it turn out to be?',
  why: 'Kept on this server. It shows how verdicts fare, and can set edges for your own files.',
  truths: { real: 'Genuine', fake: 'A fake', unsure: 'Not known' } satisfies Record<Truth, string>,
  takeBack: 'Take back',
  record: 'How verdicts fared',
  lead: 'What was said of files, and what people told they turned out to be. Each file counts once.',
  empty: 'Nobody has told yet what a file turned out to be. The question stands under each result.',
  columns: { verdict: 'Verdict' },
  wrong: (wrong: number, of: number) =>
    `${wrong} of ${of} decided files were decided wrongly, as far as is known.`,
  list: 'The latest',
} as const;
