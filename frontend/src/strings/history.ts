export const history = {
  title: 'History',
  search: 'Search by file name',
  empty: { title: 'Nothing has been analysed yet', action: 'Analyse the first file' },
  noMatch: (words: string) => `No file name contains “${words}”.`,
  more: 'Show more',
  list: 'Analyses',
  select: (name: string) => `Choose ${name} for a comparison`,
  compare: 'Compare the two',
  compareHint: 'Choose two to compare them.',
  chosen: (count: number) => `${count} of 2 chosen`,
  running: (percent: number) => `Being analysed, ${Math.round(percent)} %`,
  queued: 'Waiting',
  expired: 'Expired: the report is no longer stored',
  fileGone: 'The file is no longer stored',
  remove: 'Delete',
  removeNamed: (name: string) => `Delete ${name}`,
  confirm: {
    title: 'Delete this analysis?',
    body: (name: string) =>
      `The file ${name}, its report and all pictures made from it are removed from the server. This cannot be undone.`,
    yes: 'Delete',
    no: 'Keep',
  },
} as const;

export const compare = {
  title: 'Side by side',
  versus: 'and',
  verdict: 'Verdict',
  probability: 'Probability of a forgery',
  branches: 'Branches',
  features: 'Features',
  file: 'File',
  back: 'Back to the history',
  none: '—',
} as const;
