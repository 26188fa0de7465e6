import { Monitor, Moon, Sun } from 'lucide-react';
import { Toggle } from '@/components/ui/toggle';
import { type Theme, useTheme } from '@/hooks/use-theme';
import { common } from '@/strings';

const OPTIONS: { value: Theme; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: common.theme.system, icon: <Monitor size={15} aria-hidden /> },
  { value: 'light', label: common.theme.light, icon: <Sun size={15} aria-hidden /> },
  { value: 'dark', label: common.theme.dark, icon: <Moon size={15} aria-hidden /> },
];

export function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  return <Toggle label={common.theme.label} value={theme} options={OPTIONS} onChange={setTheme} />;
}
