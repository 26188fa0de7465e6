import { useEffect } from 'react';
import { common } from '@/strings';

/** Names the browser's tab; without a subject, after the product and what it does. */
export function useTitle(subject?: string): void {
  useEffect(() => {
    document.title = subject ? `${subject} · ${common.name}` : `${common.name} · ${common.tagline}`;
  }, [subject]);
}
