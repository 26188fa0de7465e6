export const history = {
  title: 'History',
  search: 'Search names, notes and verdicts',
  filters: {
    labels: { verdict: 'Verdict', kind: 'Kind', order: 'Order' },
    anyVerdict: 'Every verdict',
    anyKind: 'Every kind',
    kinds: { video: 'Videos', image: 'Pictures', audio: 'Recordings' },
    orders: {
      newest: 'Newest first',
      oldest: 'Oldest first',
      name: 'By name',
      suspect: 'Most suspect first',
    },
  },
  empty: { title: 'Nothing has been analysed yet', action: 'Analyse the first file' },
  noMatch: 'No analysis fits what you look for.',
  more: 'Show more',
  list: 'Analyses',
  select: (name: string) => `Select ${name}`,
  hint: 'Select analyses to compare, export or delete them.',
  chosen: (count: number) => `${count} selected`,
  compare: 'Compare the two',
  exportChosen: 'Export as CSV',
  removeChosen: 'Delete the selected',
  clear: 'Clear the selection',
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
