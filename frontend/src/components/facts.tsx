import type { ReactNode } from 'react';

/** Names and values; a value that is null or empty is left out with its name. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(min(10rem,55%),1fr)] gap-x-6 gap-y-1.5 text-sm">
      {facts.map(
        ([name, value]) =>
          value !== null &&
          value !== undefined &&
          value !== '' &&
          value !== false && (
            <div key={name} className="contents">
              <dt className="wrap-anywhere text-ink-soft">{name}</dt>
              <dd className="wrap-anywhere min-w-0 tabular-nums">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
