import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/api/queries';
import { SignIn } from './sign-in';

/** What is behind is there where no key is needed, or one is held; else a key is asked for. */
export function Entrance({ children }: { children: ReactNode }) {
  const { data: session, isPending } = useQuery(sessionQuery);
  if (isPending) return null;
  // Where nobody answers, what is behind says so.
  if (session && !session.open && !session.key) return <SignIn />;
  return children;
}
