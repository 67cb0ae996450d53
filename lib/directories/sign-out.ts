// Where a session of a directory's ends: by its own order, from machine to machine, or with whoever signs out here.
import { eq } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { directorySessions } from '../../db/schema/directories.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry, recordRefused } from '../platform/rate-limits.ts'
import { unsealStored } from '../platform/seal.ts'
import { ID_TOKENS, obeyOrder } from './commands.ts'
import { directoryOf, endAddress, logoutOrder } from './provider.ts'

/** `again`: it cannot be said now whether the order is the directory's. */
type Obeyed = 'done' | 'refused' | 'again' | 'limited'

/** An order to sign somebody out; `token`: signed by the directory whose it says it is. */
export async function receiveOrder(token: string, address: string | null, now: Date): Promise<Obeyed> {
  const directory = directoryOf(issuerIn(token))
  const order = directory && (await logoutOrder(directory, token, now))
  if (order?.ok && (await obeyOrder(directory!, order.value, now)).ok) return 'done'
  const isLimited = (await countTry(limits.forgedOrders(), { address })) > 0
  // Else whoever sends them fills the log.
  if (order && !order.ok && !isLimited) order.tell()
  if (order && !order.ok && order.code === 'noAnswer') return 'again'
  if (isLimited) return 'limited'
  const details = directory && { directory: directory.code }
  await recordRefused({ action: 'sign-out.refused', address, details, at: now })
  return 'refused'
}

/** Whose word it claims to be: only for whom to ask for the key. */
function issuerIn(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    return ''
  }
}

/**
 * The directory that began a session, and where the browser signs out of it; no address where it has none, or does not answer.
 * Undefined where no directory did.
 */
export async function endOf(sessionId: string): Promise<{ name: string; address?: string } | undefined> {
  const [row] = await database()
    .select({ issuer: directorySessions.issuer, sealed: directorySessions.sealedIdToken })
    .from(directorySessions)
    .where(eq(directorySessions.sessionId, sessionId))
  const directory = row && directoryOf(row.issuer)
  if (!directory) return undefined
  const idToken = unsealStored(row.sealed, ID_TOKENS)
  return { name: directory.name, address: idToken && (await endAddress(directory, idToken)) }
}
