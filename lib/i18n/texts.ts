// Hands chosen texts of a namespace to a client component, so that it needs no translation library.

/** The raw texts of `keys`; placeholders in them are filled by `fillText`. */
export function texts<Key extends string>(
  t: { raw: (key: Key) => unknown },
  keys: readonly Key[],
): Record<Key, string> {
  return Object.fromEntries(keys.map(key => [key, String(t.raw(key))])) as Record<Key, string>
}

/** Fills `{name}` in a raw text. For texts without plurals: those are translated on the server. */
export const fillText = (text: string, values: Record<string, string | number> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
