import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

/** A raised sheet: the ground on which one subject is laid out. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={cn('rounded-2xl border border-line bg-surface shadow-raised', className)}
      {...rest}
    />
  );
}
