// A cookie that every browser gets with the first page, until it is closed: whoever sends a form without it refuses cookies,
// and who signed in by a form is told so once more only where the first time came from.

export const BROWSER_COOKIE = 'cookies'
const VALUE = /^[\w-]{22}$/

/** Undefined for a value that is none of ours. */
export const browserKey = (value: string | undefined): string | undefined =>
  VALUE.test(value ?? '') ? value : undefined
