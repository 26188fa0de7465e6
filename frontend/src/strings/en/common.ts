export const common = {
  name: 'Assay',
  tagline: 'Is it real, and what says so?',
  skip: 'Skip to content',
  nav: {
    label: 'Main',
    home: 'Analyse',
    history: 'History',
    models: 'Models',
    docs: 'API documentation',
  },
  language: { label: 'Language', names: { en: 'English', es: 'Español' } },
  theme: {
    label: (name: string) => `Theme: ${name}`,
    system: 'as the system',
    light: 'light',
    dark: 'dark',
  },
  retry: 'Try again',
  cancel: 'Cancel',
  loading: 'Loading',
  offline: 'You are offline. What is on the page stays; the rest comes when the connection does.',
  broken: {
    title: 'This part of the page failed',
    body: 'Reload the page. If it happens again, report it to whoever runs the service.',
    action: 'Reload',
  },
  none: '—',
  notFound: {
    title: 'There is nothing here',
    body: 'The address may be mistyped, or what it named has been deleted.',
    action: 'Analyse something',
  },
} as const;
