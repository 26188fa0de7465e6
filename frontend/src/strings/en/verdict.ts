import type { Reason, Verdict } from '@/api/types';

const reasons: Record<Reason, { title: string; body: string }> = {
  nothing_to_judge: {
    title: 'Nothing to judge',
    body: 'Only faces and voices are judged, and this holds none that could be examined.',
  },
  no_face: {
    title: 'No face to examine',
    body: 'The branches that examine faces had nothing to look at.',
  },
  not_a_photograph: {
    title: 'A face that looks drawn or painted',
    body: 'Only photographs of people are judged. On drawings, paintings, statues and masks there is no verdict.',
  },
  too_many_faces: {
    title: 'Many faces',
    body: 'Not all of them could be examined; a forged one may have been missed.',
  },
  low_resolution: {
    title: 'Low resolution',
    body: 'The faces are so small that fine traces of forgery are lost. Look for the original.',
  },
  too_short: { title: 'Very short', body: 'There is hardly any material to judge.' },
  no_speech: {
    title: 'Too little speech',
    body: 'There is sound, but no voice in it, or too little of one to judge.',
  },
  single_modality: {
    title: 'One kind of evidence',
    body: 'Only one branch was weighed; nothing confirms or contradicts it.',
  },
  branch_disagreement: {
    title: 'The branches disagree',
    body: 'One sees a forgery where another sees none. A part of the media may be forged.',
  },
  out_of_distribution: {
    title: 'Unlike most of what the models know',
    body: 'Scores on such material are less reliable than the numbers suggest.',
  },
};

/** Follows the service's own summary, which says what was found: this says what to make of it. */
const advice: Record<Verdict, string> = {
  Deepfake:
    'Evidence is not proof. Look for the original, the source and other recordings of the same moment.',
  Authentic:
    'A method that nobody has seen yet leaves traces that nobody knows. Ask where the file comes from.',
  Inconclusive: 'A better copy or the original may decide it.',
};

/** Instead of the above, where the file itself says what would help. */
const openAdvice = {
  failed:
    'Have it examined again; where that fails too, export the file anew, for example as MP4 (H.264).',
  short: 'A longer excerpt, a better copy or the original may decide it.',
  small: 'A copy of higher resolution or the original may decide it.',
  partial:
    'Only parts of it were examined: have the part that matters examined by itself, or upload a better copy.',
};

export const verdict = {
  region: 'Verdict',
  words: {
    Deepfake: 'Deepfake',
    Authentic: 'No forgery found',
    Inconclusive: 'Inconclusive',
  } satisfies Record<Verdict, string>,
  nothing: 'Nothing to judge',
  nothingAdvice: 'If somebody is to be seen or heard in it, upload the part where they are.',
  probabilityOf: (percent: number) => `probability ${percent} %`,
  probability: 'Probability of a forgery',
  reliability: (right: number, of: string, sources: number) =>
    `Of ${of} such verdicts on media of ${sources} sources that nothing had learned from, ${right} % were right.`,
  advice,
  openAdvice,
  strongest: 'Strongest reason:',
  nextTitle: 'What to do next',
  reasonsTitle: 'What weakens this verdict',
  whyNothing: 'Why there is nothing to judge',
  reasons,
  earlyExit: 'The first check was clear, so the heavy visual branches were skipped.',
  scale: {
    label: (percent: number) => `Probability of a forgery: ${percent} %`,
    real: 'No forgery found',
    open: 'Inconclusive',
    fake: 'Deepfake',
    edges: (low: number, high: number) =>
      `Up to ${low} %: no forgery found. From ${high} % on: deepfake. In between: inconclusive.`,
  },
} as const;
