import { choose, LANGUAGES, language } from '@/lib/language';
import { common } from '@/strings';

/** Every language by its own name; the choice is remembered. */
export function LanguageSwitch() {
  return (
    <ul aria-label={common.language.label} className="flex gap-3">
      {LANGUAGES.map((each) => (
        <li key={each}>
          <button
            type="button"
            lang={each}
            aria-pressed={each === language}
            onClick={() => each !== language && choose(each)}
            className={each === language ? 'text-ink' : 'underline underline-offset-4'}
          >
            {common.language.names[each]}
          </button>
        </li>
      ))}
    </ul>
  );
}
