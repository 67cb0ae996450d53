// Hands chosen texts of a namespace to a client component, so that it needs no translation library.

/** The raw texts of `keys`; placeholders in them are filled by `fillText`. */
export function texts<Key extends string>(
  t: { raw: (key: Key) => unknown },
  keys: readonly Key[],
): Record<Key, string> {
  return Object.fromEntries(keys.map(key => [key, String(t.raw(key))])) as Record<Key, string>
}

const rules = new Map<string | undefined, Intl.PluralRules>()

/** Made once a language: it takes a hundred times what asking it does. */
function pluralRules(language?: string): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language)
  rules.set(language, known)
  return known
}

/** Fills `{name}`, and `{name, plural, one {# …} other {# …}}` by the words of `language`, in a raw text. More is translated on the server. */
export const fillText = (
  text: string,
  values: Record<string, string | number> = {},
  language?: string,
): string =>
  text
    .replace(/\{(\w+), plural, ((?:\w+ \{[^{}]*\} ?)+)\}/g, (_, name: string, forms: string) => {
      const form = pluralRules(language).select(Number(values[name]))
      const found = new RegExp(`${form} \\{([^{}]*)\\}`).exec(forms) ?? /other \{([^{}]*)\}/.exec(forms)!
      return found[1]!.replace('#', String(values[name]))
    })
    .replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
