import { type LucideIcon, Monitor, Moon, Sun } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { type Theme, useTheme } from '@/hooks/use-theme';
import { common } from '@/strings';

const ICONS: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon };
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

/** One button that goes through the themes: a row of three would not fit beside a phone's menu. */
export function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  const Icon = ICONS[theme];
  const name = common.theme.label(common.theme[theme]);
  return (
    <Button
      look="quiet"
      className="px-2.5"
      aria-label={name}
      title={name}
      onClick={() => setTheme(NEXT[theme])}
    >
      <Icon size={17} aria-hidden />
    </Button>
  );
}
