// next-auth: sets the cookie of a session at sign-in and clears it at sign-out. Its HTTP routes are not mounted.
import NextAuth from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { env } from '../platform/env.ts'
import { authCookies, sessionToken } from './session-cookie.ts'

/**
 * The only provider takes the id of a session row that a command of ours has just made: whoever checked the password
 * or the code is the command, not next-auth. Whether a session still counts is asked of its row, by the guards.
 */
export const { signIn, signOut } = NextAuth(() => ({
  secret: [env().AUTH_SECRET, ...env().AUTH_SECRET_PREVIOUS],
  trustHost: true,
  useSecureCookies: env().APP_URL.startsWith('https:'),
  session: { strategy: 'jwt', maxAge: env().SESSION_MAX_HOURS * 3600 },
  cookies: authCookies(),
  jwt: sessionToken,
  pages: { signIn: '/sign-in' },
  logger: { error: () => {}, warn: () => {} },
  providers: [
    Credentials({
      id: 'session',
      credentials: { sessionId: {} },
      authorize: ({ sessionId }) => ({ id: String(sessionId) }),
    }),
  ],
}))
