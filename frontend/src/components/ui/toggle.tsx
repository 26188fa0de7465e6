import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

interface ToggleProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon: ReactNode }[];
  onChange: (value: T) => void;
}

/** One of a few, each a picture with a name for those who do not see it. */
export function Toggle<T extends string>({ label, value, options, onChange }: ToggleProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => next && onChange(next as T)}
      className="flex rounded-lg border border-line bg-surface p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option.label}
          title={option.label}
          className="grid size-8 place-items-center rounded-md text-ink-faint transition-colors hover:text-ink data-[state=on]:bg-sunken data-[state=on]:text-ink"
        >
          {option.icon}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
