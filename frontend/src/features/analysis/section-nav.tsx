import { analysis } from '@/strings';

const strings = analysis.sections;

const SECTIONS = [
  ['verdict', strings.verdict],
  ['evidence', strings.evidence],
  ['why', strings.why],
  ['pipeline', strings.pipeline],
  ['file', strings.file],
] as const;

/** Ways down a long page; each is an address that can be sent on. */
export function SectionNav() {
  return (
    <nav
      aria-label={strings.label}
      className="sticky top-0 z-10 -mx-4 overflow-x-auto bg-paper px-4 sm:-mx-8 sm:px-8"
    >
      <ul className="flex gap-1 border-line border-b py-1.5 text-sm">
        {SECTIONS.map(([id, name]) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className="block rounded-md px-3 py-1.5 text-ink-soft transition-colors hover:bg-sunken hover:text-ink"
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
