import { useSection } from '@/hooks/use-section';
import { cn } from '@/lib/cn';
import { analysis } from '@/strings';

const strings = analysis.sections;

const SECTIONS = [
  ['verdict', strings.verdict],
  ['evidence', strings.evidence],
  ['why', strings.why],
  ['pipeline', strings.pipeline],
  ['file', strings.file],
] as const;

const IDS = SECTIONS.map(([id]) => id);

/** Ways down a long page, and where one is on it; each is an address that can be sent on. */
export function SectionNav() {
  const here = useSection(IDS) ?? IDS[0];
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
              aria-current={id === here ? 'true' : undefined}
              className={cn(
                'block rounded-md px-3 py-1.5 transition-colors hover:bg-sunken hover:text-ink',
                id === here ? 'bg-sunken text-ink' : 'text-ink-soft',
              )}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
