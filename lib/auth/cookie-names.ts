// The names and attributes of the portal's own cookies. `lang`, which is nobody's secret, has its own.
import { env } from '../platform/env.ts'

const isSecure = (): boolean => env().APP_URL.startsWith('https:')

/**
 * Over https the name itself keeps a cookie from being set by anything but this very host over https: `__Host-` is taken
 * with Secure, with the path / and without a domain alone.
 */
export const cookieName = (name: string): string => `${isSecure() ? '__Host-' : ''}${name}`

/** What every one of them has: unseen by scripts, sent with no form of another site. */
export const cookieAttributes = () =>
  ({ httpOnly: true, sameSite: 'lax', secure: isSecure(), path: '/' }) as const
