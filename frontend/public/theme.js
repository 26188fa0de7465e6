// A person's choice of theme; without one the system decides. See src/hooks/use-theme.ts.
try {
  const theme = localStorage.getItem('assay-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system decides.
}
