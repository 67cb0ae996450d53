// The one form of an address that every rule and Next.js see.
import type http from 'node:http'

/** What may be written as it is or as a percent sign and two digits, and means the same (RFC 3986, 2.3). */
const UNRESERVED = /[\w.~-]/

/**
 * What somebody on the way could read as another path: dot segments, empty segments, backslashes, slashes and percent
 * characters that are written as digits, control characters. No address of ours has any.
 */
const AMBIGUOUS = /\/\.{1,2}(?=\/|$)|\/\/|\\|%(2F|5C|25|7F|[01][0-9A-F])/

/** The address in its one form; undefined where there can be nothing: it has more than one reading, or none. */
export function normalAddress(target: string): string | undefined {
  const [, path = '', search = ''] = /^([^?]*)(.*)$/s.exec(target)!
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.includes('#')) return undefined
  try {
    decodeURIComponent(path)
  } catch {
    return undefined
  }
  const normal = path.replace(/%([0-9a-f]{2})/gi, (code: string, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16))
    return UNRESERVED.test(character) ? character : code.toUpperCase()
  })
  // PostgreSQL takes no NUL, and no form of ours sends one.
  return AMBIGUOUS.test(normal) || search.includes('%00') ? undefined : normal + search
}

/**
 * Whether it names its host more than once: Node would read the first, and somebody on the way perhaps the last (RFC 9112,
 * 3.2). Other headers that rules read are joined with commas where they come twice, and then mean nothing.
 */
export const namesTwoHosts = ({ rawHeaders }: http.IncomingMessage): boolean =>
  rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1

/** The path of a request whose address is in its one form. */
export const pathOf = ({ url = '/' }: http.IncomingMessage): string => url.split('?', 1)[0]!

/** What was asked for, without the framework's own part: a page may lie at another address inside (inside-address.ts). */
export const askedFor = ({ url = '/', headers }: Pick<http.IncomingMessage, 'url' | 'headers'>): string =>
  String(headers['x-path'] ?? url)
