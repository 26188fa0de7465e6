import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { KeyHolder } from '@/features/session/key-holder';
import { cn } from '@/lib/cn';
import { common } from '@/strings';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';
import { OfflineNote } from './offline-note';
import { ThemeSwitch } from './theme-switch';

const PLACES = [
  { href: '/', name: common.nav.home },
  { href: '/history', name: common.nav.history },
  { href: '/model-cards', name: common.nav.models },
] as const;

/** What every screen stands in: a way past the header, the header, the content. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-[1240px] flex-col px-4 sm:px-8">
      <a
        href="#content"
        className="absolute top-2 left-2 z-30 -translate-y-16 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {common.skip}
      </a>
      <header className="flex h-18 print:hidden items-center gap-2 sm:gap-8">
        <Link href="/" className="flex items-center gap-2.5">
          <Logo className="size-7" />
          <span className="font-serif text-2xl leading-none tracking-tight max-[26rem]:sr-only">
            {common.name}
          </span>
        </Link>
        <nav aria-label={common.nav.label} className="flex-1">
          <ul className="flex gap-1 text-sm">
            {PLACES.map((place) => (
              <li key={place.href}>
                <Place {...place} />
              </li>
            ))}
          </ul>
        </nav>
        <ThemeSwitch />
      </header>
      <OfflineNote />
      <main id="content" tabIndex={-1} className="flex-1 pb-20 outline-none">
        {children}
      </main>
      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-2 border-line border-t py-5 text-ink-soft text-sm print:hidden">
        <LanguageSwitch />
        <KeyHolder />
        <Link href="/docs" className="underline underline-offset-4">
          {common.nav.docs}
        </Link>
      </footer>
    </div>
  );
}

function Place({ href, name }: { href: string; name: string }) {
  const [here] = useRoute(href);
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'block rounded-lg px-2 py-1.5 transition-colors sm:px-3',
        here ? 'bg-sunken text-ink' : 'text-ink-soft hover:text-ink',
      )}
    >
      {name}
    </Link>
  );
}
