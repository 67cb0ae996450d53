// Addresses that come from outside and lead back into the portal.
import { z } from 'zod'

/** The path where it is one of this site; `//elsewhere`, `/..//elsewhere` and full addresses lead to the front page. */
export function pathOfThisSite(to: string): string {
  const base = 'http://this.invalid'
  if (!to.startsWith('/') || !URL.canParse(to, base)) return '/'
  const url = new URL(to, base)
  // Resolving the dots can leave two slashes in front, which a browser reads as another host.
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/'
}

/** The `to` of an address or a form: a path of this site, `/` where there is none. */
export const wayBack = z.string().max(1000).catch('/').transform(pathOfThisSite)

/** `page` with the way back in it, where that is more than the front page. */
export const withWayBack = (page: string, to: string): string =>
  to === '/' ? page : `${page}${page.includes('?') ? '&' : '?'}to=${encodeURIComponent(to)}`
