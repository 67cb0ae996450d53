// The cookie of a signed-in browser: a session's id, sealed. next-auth sets and clears it, the guards read it.
import { cookies } from 'next/headers'
import { env } from '../platform/env.ts'
import { seal, unseal } from '../platform/seal.ts'

const PURPOSE = 'session'

/** Over https the name itself keeps the cookie from being set by anything but this site over https. */
const name = () => `${env().APP_URL.startsWith('https:') ? '__Secure-' : ''}authjs.session-token`

/** What next-auth puts into its cookie and takes out of it, in place of its own token: opened in a tenth of the time. */
export const sessionToken = {
  encode: ({ token }: { token?: { sub?: string } }): string => seal(token?.sub ?? '', PURPOSE),
  decode: ({ token = '' }: { token?: string }): { sub: string } | null => {
    const sub = unseal(token, PURPOSE)
    return sub ? { sub } : null
  },
}

/** The session id of the browser that asks; undefined where it has none of ours. Only the session's row says whether it counts. */
export async function sessionIdOfRequest(): Promise<string | undefined> {
  const value = (await cookies()).get(name())?.value
  return value ? unseal(value, PURPOSE) : undefined
}
