import { Search } from 'lucide-react';
import type { Wanted } from '@/api/queries';
import { history, verdict as verdicts } from '@/strings';

const strings = history.filters;

/** The values that the service knows, with their words; the empty one asks for nothing. */
const CHOICES = {
  verdict: {
    '': strings.anyVerdict,
    Deepfake: verdicts.words.Deepfake,
    Authentic: verdicts.words.Authentic,
    Inconclusive: verdicts.words.Inconclusive,
    nothing_to_judge: verdicts.nothing,
  },
  kind: { '': strings.anyKind, ...strings.kinds },
  order: { '': strings.orders.newest, ...strings.orders, newest: undefined },
} as const;

interface FiltersProps {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** Words to look for, and what else narrows and orders the list. */
export function Filters({ wanted, onChange }: FiltersProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <label className="flex min-w-full flex-1 items-center gap-3 rounded-xl border border-line bg-surface px-4 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 sm:min-w-60">
        <Search size={17} className="text-ink-faint" aria-hidden />
        <span className="sr-only">{history.search}</span>
        <input
          type="search"
          value={wanted.q}
          placeholder={history.search}
          maxLength={200}
          onChange={(event) => onChange({ ...wanted, q: event.target.value })}
          className="h-11 min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
        />
      </label>
      {(['verdict', 'kind', 'order'] as const).map((name) => (
        <select
          key={name}
          aria-label={strings.labels[name]}
          value={wanted[name]}
          onChange={(event) => onChange({ ...wanted, [name]: event.target.value })}
          className="h-11 min-w-40 flex-1 cursor-pointer rounded-xl border border-line bg-surface px-3 text-sm hover:border-line-strong sm:flex-none"
        >
          {Object.entries(CHOICES[name]).map(
            ([value, words]) =>
              words && (
                <option key={value} value={value}>
                  {words}
                </option>
              ),
          )}
        </select>
      ))}
    </div>
  );
}
