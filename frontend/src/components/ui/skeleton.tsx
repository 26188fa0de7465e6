import { cn } from '@/lib/cn';

/** The place of something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-breathe rounded-md bg-sunken', className)} />;
}
