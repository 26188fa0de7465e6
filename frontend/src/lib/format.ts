/** Numbers for people. */
import { locale } from './language';

const UNITS = ['B', 'kB', 'MB', 'GB'];

/** 1,530,000 -> "1.5 MB". */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${UNITS[unit]}`;
}

/** Time spent: "38 ms", "1.2 s", "2 min 5 s". */
export function spent(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A moment or length in the media: "0:07", "1:02:03". */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** As `clock`, to a tenth of a second: "0:07.4". */
export function exactClock(seconds: number): string {
  const tenths = Math.floor(10 * seconds + 1e-6) % 10;
  return `${clock(seconds)}.${tenths}`;
}

/** A probability as whole percent; never 0 or 100 unless it is exactly that. */
export function percent(share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 100;
  return Math.min(99, Math.max(1, Math.round(100 * share)));
}

export function count(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** With its sign and a real minus: "+0.41", "−2.10"; what rounds to nothing has none. */
export function signed(value: number): string {
  if (Math.abs(value) < 0.005) return '0.00';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** "20 Nov 2026, 10:04" in the zone of the reader. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

/** As `moment`; what strangers wrote in place of a date is left as it is. */
export function readableMoment(text: string): string {
  return Number.isNaN(Date.parse(text)) ? text : moment(text);
}

/** To one decimal, without a trailing zero. */
export function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
