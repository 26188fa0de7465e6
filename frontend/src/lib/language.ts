/** In which language the page speaks: a person's choice, else the first that the browser asks for. */

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'assay-language';

/** Numbers and dates as they are written where people read the language. */
const LOCALES: Record<Language, string> = { en: 'en-GB', es: 'es-419' };

/** The first language of a list that we have: "es-MX" is Spanish. English where there is none. */
export function bestOf(asked: readonly string[]): Language {
  for (const each of asked) {
    const found = LANGUAGES.find((language) => each.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

function chosen(): string[] {
  try {
    const kept = localStorage.getItem(KEY);
    return kept ? [kept] : [];
  } catch {
    return []; // Storage may be forbidden, or absent where no browser runs this.
  }
}

export const language = bestOf([...chosen(), ...(globalThis.navigator?.languages ?? [])]);
export const locale = LOCALES[language];

/** Remembers a choice and draws the page anew: words are bound when its modules load. */
export function choose(next: Language): void {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage there is nothing to remember it, and the browser's language stays.
  }
  location.reload();
}
