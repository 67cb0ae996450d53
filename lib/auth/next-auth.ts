// next-auth: the signed, encrypted cookie that carries a session's id. Its HTTP routes are not mounted.
import NextAuth from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { type Customer, findSession } from './sessions.ts'

declare module 'next-auth' {
  interface Session {
    customer?: Customer
  }
}

/**
 * The only provider takes the id of a session row that a command of ours has just made: whoever checked the password
 * or the code is the command, not next-auth.
 */
export const { auth, signIn, signOut } = NextAuth(() => ({
  secret: env().AUTH_SECRET,
  trustHost: true,
  useSecureCookies: env().APP_URL.startsWith('https:'),
  session: { strategy: 'jwt', maxAge: env().SESSION_MAX_HOURS * 3600 },
  pages: { signIn: '/sign-in' },
  logger: { error: () => {}, warn: () => {} },
  providers: [
    Credentials({
      id: 'session',
      credentials: { sessionId: {} },
      authorize: ({ sessionId }) => ({ id: String(sessionId) }),
    }),
  ],
  callbacks: {
    async jwt({ token, user }) {
      if (user) return { sub: user.id }
      // The row decides, at every request: null makes the cookie worthless.
      const customer = token.sub ? await findSession(token.sub, clock.now()) : undefined
      return customer ? { ...token, customer } : null
    },
    session: ({ token, session }) => ({ expires: session.expires, customer: token.customer as Customer }),
  },
}))
