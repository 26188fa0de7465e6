import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { common } from '@/strings';
import { Logo } from './logo';
import { ThemeSwitch } from './theme-switch';

/** What every screen stands in: a way past the header, the header, the content. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-[1240px] flex-col px-4 sm:px-8">
      <a
        href="#content"
        className="absolute top-2 left-2 z-10 -translate-y-16 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {common.skip}
      </a>
      <header className="flex h-18 items-center justify-between">
        <Link href="/" className="flex items-center gap-2.5">
          <Logo className="size-7" />
          <span className="font-serif text-2xl leading-none tracking-tight">{common.name}</span>
        </Link>
        <ThemeSwitch />
      </header>
      <main id="content" className="flex-1 pb-20">
        {children}
      </main>
    </div>
  );
}
