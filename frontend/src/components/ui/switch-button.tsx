import { Toggle as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

/** A small switch that stays pressed. */
export function SwitchButton({
  pressed,
  onChange,
  children,
}: {
  pressed: boolean;
  onChange: (pressed: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Primitive.Root
      pressed={pressed}
      onPressedChange={onChange}
      className="inline-flex min-h-9 items-center gap-1.5 rounded-lg border border-line px-3 text-ink-soft text-sm transition-colors hover:border-line-strong data-[state=on]:border-accent data-[state=on]:bg-accent-wash data-[state=on]:text-ink"
    >
      {children}
    </Primitive.Root>
  );
}
