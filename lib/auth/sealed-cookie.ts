// An id that a browser keeps between two steps: sealed, so that nobody can make one up.
import { cookies } from 'next/headers'
import { env } from '../platform/env.ts'
import { seal, unseal } from '../platform/seal.ts'

/** `path`: the pages that need it. `name` is also the purpose it is sealed for. */
export function sealedCookie(name: string, path: string, seconds: number) {
  return {
    remember: async (value: string): Promise<void> => {
      ;(await cookies()).set(name, seal(value, `cookie ${name}`), {
        httpOnly: true,
        sameSite: 'lax',
        secure: env().APP_URL.startsWith('https:'),
        path,
        maxAge: seconds,
      })
    },
    read: async (): Promise<string | undefined> => {
      const value = (await cookies()).get(name)?.value
      return value ? unseal(value, `cookie ${name}`) : undefined
    },
    forget: async (): Promise<void> => {
      ;(await cookies()).delete({ name, path })
    },
  }
}

/** The registration this browser is in the middle of. */
export const registrationCookie = sealedCookie('registration', '/register', 24 * 3600)
/** The reset this browser asked for: the code from the SMS is worth something only here. */
export const resetCookie = sealedCookie('reset', '/forgot-password', 1800)
/** Whose password was right, on the way to the code of the second step. */
export const signInCookie = sealedCookie('sign-in', '/sign-in', 600)
/** New recovery codes, until their owner says that they are written down. */
export const recoveryCodesCookie = sealedCookie('recovery-codes', '/account/second-step', 600)
