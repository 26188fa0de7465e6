export const analysis = {
  cached: 'Answered from an earlier analysis of the same file.',
  full: 'Without early exit',
  another: 'Analyse another file',
  cancel: 'Cancel the analysis',
  actions: 'More',
  exports: {
    html: 'Report as a web page',
    pdf: 'Report as PDF',
    json: 'Report as JSON',
  },
  remove: 'Delete',
  sections: {
    label: 'On this page',
    verdict: 'Verdict',
    evidence: 'Where',
    why: 'Why',
    pipeline: 'How',
    file: 'File',
  },
  reportFailed: 'The report could not be loaded.',
} as const;
