export const session = {
  title: 'Sign in',
  lead: 'This service asks for a key. Whoever runs it can make one: assay keys create NAME.',
  key: 'Key',
  kept: 'Kept in a cookie of this browser, which no script can read.',
  enter: 'Sign in',
  signedIn: (name: string) => `Signed in with the key “${name}”`,
  leave: 'Sign out',
} as const;
