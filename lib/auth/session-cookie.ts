// The cookie of a signed-in browser: a session's id, sealed. next-auth sets and clears it, the guards read it.
import { seal, unseal } from '../platform/seal.ts'
import { cookieAttributes, cookieName } from './cookie-names.ts'

const PURPOSE = 'session'
const NAME = 'authjs.session-token'

/**
 * The names and attributes of next-auth's cookies, as it takes them. It sets a second one, where a sign-in leads, though
 * that is decided by actions alone.
 */
export const authCookies = () => ({
  sessionToken: { name: cookieName(NAME), options: cookieAttributes() },
  callbackUrl: { name: cookieName('authjs.callback-url'), options: cookieAttributes() },
})

/** What next-auth puts into its cookie and takes out of it, in place of its own token: opened in a tenth of the time. */
export const sessionToken = {
  encode: ({ token }: { token?: { sub?: string } }): string => seal(token?.sub ?? '', PURPOSE),
  decode: ({ token = '' }: { token?: string }): { sub: string } | null => {
    const sub = unseal(token, PURPOSE)
    return sub ? { sub } : null
  },
}

type Jar = { get: (name: string) => { value: string } | undefined }

/** The session id among the cookies that a browser sent; undefined where it has none of ours. Only the session's row says whether it counts. */
export function sessionIdOf(jar: Jar): string | undefined {
  const value = jar.get(cookieName(NAME))?.value
  return value ? unseal(value, PURPOSE) : undefined
}
