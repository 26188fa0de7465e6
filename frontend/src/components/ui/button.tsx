import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:opacity-90 shadow-raised',
  plain: 'bg-surface text-ink border border-line hover:border-line-strong',
  danger: 'bg-danger text-paper hover:opacity-90',
  quiet: 'text-ink-soft hover:text-ink hover:bg-sunken',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOKS;
  /** Dress the single child (a link, say) instead of making a button. */
  asChild?: boolean;
}

export function Button({ look = 'plain', asChild = false, className, ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : 'button';
  return (
    <Element
      type={asChild ? undefined : 'button'}
      className={cn(
        'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 font-medium text-sm',
        'transition-[background-color,border-color,opacity] duration-150 disabled:opacity-50',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
