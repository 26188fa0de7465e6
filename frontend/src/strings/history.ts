export const history = {
  title: 'History',
  search: 'Search by file name',
  empty: { title: 'Nothing has been analysed yet', action: 'Analyse the first file' },
  noMatch: (words: string) => `No file name contains “${words}”.`,
  more: 'Show more',
  list: 'Analyses',
  select: (name: string) => `Choose ${name}`,
  hint: 'Choose some to compare, export or delete them.',
  chosen: (count: number) => `${count} chosen`,
  compare: 'Compare the two',
  exportChosen: 'Export as CSV',
  removeChosen: 'Delete the chosen',
  clear: 'Choose none',
  columns: ['file', 'verdict', 'probability', 'reasons', 'status', 'analysed', 'bytes', 'analysis'],
  running: (percent: number) => `Being analysed, ${Math.round(percent)} %`,
  queued: 'Waiting',
  expired: 'Expired: the report is no longer stored',
  fileGone: 'The file is no longer stored',
  remove: 'Delete',
  removeNamed: (name: string) => `Delete ${name}`,
  confirm: {
    title: (count: number) =>
      count > 1 ? `Delete these ${count} analyses?` : 'Delete this analysis?',
    body: (names: readonly string[]) =>
      names.length > 1
        ? `${names.join(', ')}: the files, their reports and all pictures made from them are removed from the server. This cannot be undone.`
        : `The file ${names[0] ?? ''}, its report and all pictures made from it are removed from the server. This cannot be undone.`,
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
