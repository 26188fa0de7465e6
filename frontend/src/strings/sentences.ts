/**
 * Sentences that the service writes, in another language.
 *
 * The service stores its reports in English, as gettext would its message ids: a sentence is known by
 * what does not change in it, and `{}` stands for what does. Parts of a sentence are told the same
 * way. What nobody has translated yet stays as it came.
 */
export function translator(known: Readonly<Record<string, string>>): (told: string) => string {
  const patterns = Object.entries(known)
    .sort(([one], [other]) => other.length - one.length)
    .map(([from, to]) => ({
      pattern: new RegExp(`^${from.split('{}').map(escaped).join('(.+?)')}$`),
      to,
    }));
  const translate = (told: string): string => {
    for (const { pattern, to } of patterns) {
      const found = pattern.exec(told);
      if (!found) continue;
      let next = 0;
      return to.replaceAll('{}', () => {
        next += 1;
        return translate(found[next] ?? '');
      });
    }
    return told;
  };
  return translate;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
