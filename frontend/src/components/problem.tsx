import { ArchiveX, CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { cn } from '@/lib/cn';
import { errorText } from '@/strings';

interface ProblemProps {
  error: Error;
  /** `h1` when the error is all there is on the screen. */
  title?: 'p' | 'h1';
  /** What the person can do right here. */
  children?: ReactNode;
  className?: string;
}

/** An error in words: what happened, and what to do about it. */
export function Problem({ error, title: Title = 'p', children, className }: ProblemProps) {
  const code = error instanceof ApiError ? error.code : 'internal';
  const { title, advice } = errorText(code, error.message);
  // What was removed is no fault of anybody's.
  const isGone = code === 'gone';
  const Icon = isGone ? ArchiveX : CircleAlert;
  return (
    <div
      role="alert"
      className={cn(
        'flex gap-3 rounded-xl p-4 text-left',
        isGone ? 'bg-sunken' : 'bg-danger-wash',
        className,
      )}
    >
      <Icon
        className={cn('mt-0.5 shrink-0', isGone ? 'text-ink-soft' : 'text-danger')}
        size={18}
        aria-hidden
      />
      <div className="min-w-0">
        <Title className="font-medium">{title}</Title>
        <p className="text-ink-soft text-sm">{advice}</p>
        {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
      </div>
    </div>
  );
}
