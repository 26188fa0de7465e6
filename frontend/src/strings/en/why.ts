export const why = {
  title: 'Why',
  branchesTitle: 'What each branch says',
  branchStates: {
    done: 'Done',
    skipped: 'Skipped',
    not_applicable: 'Not applicable',
    failed: 'Failed',
  },
  counted: {
    towards: 'Counted towards a forgery',
    against: 'Counted against a forgery',
    not: 'Did not count',
  },
  score: 'Score',
  model: (name: string) => `Model ${name}`,
  sharesTitle: 'How the probability comes about',
  sharesLead:
    'Each feature moves the log-odds of a forgery: to the right towards Deepfake, to the left away from it. Baseline and shares add up to the result.',
  noShares: 'Nothing could be weighed; the answer is Inconclusive.',
  head: (modalities: string) => `Weighed here: ${modalities}.`,
  modalities: {
    tiny: 'gate',
    visual: 'faces',
    audio: 'voice',
    temporal: 'faces over time',
    sync: 'lips and voice',
  } as Record<string, string>,
  columns: { feature: 'Feature', value: 'Value', share: 'Share of the log-odds' },
  baseline: 'Baseline: before anything was examined',
  limited: 'Limited: no result is stated as more certain than was measured',
  total: 'Together',
  totalValue: (percent: number) => `${percent} % probability of a forgery`,
  unweighedTitle: 'Without a share in this answer',
  absent: 'not examined',
  examined: {
    title: 'What was and was not examined',
    faces: (faces: number, people: string) =>
      `${faces === 1 ? '1 picture of a face' : `${faces} pictures of faces`}, of ${people}`,
    people: (count: number) => (count === 1 ? 'one person' : `${count} people`),
    voice: (windows: number, seconds: string) =>
      `${seconds} s of sound, in ${windows} ${windows === 1 ? 'window' : 'windows'}`,
    branch: (title: string, reason: string) => `${title}: ${reason}`,
    counters: {
      facesTooSmall: (n: number) => `${n} ${n === 1 ? 'face' : 'faces'} too small to judge`,
      facesTooBlurred: (n: number) => `${n} ${n === 1 ? 'face' : 'faces'} too blurred to judge`,
      facesCutOff: (n: number) => `${n} ${n === 1 ? 'face' : 'faces'} cut off by the edge`,
      facesNotPhotographs: (n: number) =>
        n === 1
          ? '1 face looks drawn, painted or masked: no verdict on it'
          : `${n} faces look drawn, painted or masked: no verdict on them`,
      facesOverLimit: (n: number) =>
        `${n} ${n === 1 ? 'face' : 'faces'} beyond the number that is examined`,
    },
    yes: 'Examined',
    no: 'Not examined',
    nothing: 'Nothing was left out.',
  },
} as const;
