export const analysis = {
  cached: 'Answered from an earlier analysis of the same file.',
  another: 'Analyse another file',
  cancel: 'Cancel the analysis',
  actions: 'More',
  exports: {
    sheet: 'Report: web page, PDF, print',
    json: 'Report as JSON',
    text: 'Copy the verdict as text',
    link: 'Copy the address',
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
} as const;
