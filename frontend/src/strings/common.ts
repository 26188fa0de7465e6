export const common = {
  name: 'Assay',
  tagline: 'Is it real, and what says so?',
  skip: 'Skip to content',
  theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },
  retry: 'Try again',
  cancel: 'Cancel',
  loading: 'Loading',
  none: '—',
  notFound: {
    title: 'There is nothing here',
    body: 'The address may be mistyped, or what it named has been deleted.',
    action: 'Analyse something',
  },
} as const;
