// Signing a browser in.
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { currentCustomer } from './guards.ts'
import { signIn } from './next-auth.ts'
import { endSessions } from './sessions.ts'

/** Gives the browser a session that a command has begun. Another that it had, whosever it was, ends: its cookie is gone. */
export async function enterSession(sessionId: string): Promise<void> {
  const before = await currentCustomer()
  if (before?.sessionId === sessionId) return
  if (before) await endSessions(database(), before.id, clock.now(), { only: before.sessionId })
  await signIn('session', { sessionId, redirect: false })
}
