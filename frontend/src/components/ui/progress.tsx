import { Progress as Primitive } from 'radix-ui';
import { cn } from '@/lib/cn';

interface ProgressProps {
  /** 0..100, or null while there is nothing to measure. */
  value: number | null;
  label: string;
  className?: string;
}

export function Progress({ value, label, className }: ProgressProps) {
  return (
    <Primitive.Root
      value={value}
      aria-label={label}
      className={cn('h-1 overflow-hidden rounded-full bg-sunken', className)}
    >
      <Primitive.Indicator
        className="h-full rounded-full bg-accent transition-[width] duration-300"
        style={{ width: `${value ?? 0}%` }}
      />
    </Primitive.Root>
  );
}
