/** Light, dark, or what the system says. public/theme.js applies the choice before first paint. */
import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'assay-theme';

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(chosen);
  const choose = (next: Theme) => {
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Storage may be forbidden; the choice then lasts until the page is left.
    }
    setTheme(next);
  };
  return [theme, choose];
}
