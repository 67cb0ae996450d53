// What reaches us from outside in a bank's name: read, limited where it is not genuine, and received.
import { and, eq, inArray } from 'drizzle-orm'
import { openAttemptStates } from '../../db/enums.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { readBody } from '../platform/body.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { receiveAnswer } from './answers.ts'
import type { Incoming } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'

/** No answer of a bank comes near this many bytes. */
const MAX_BYTES = 20_000

/** The body of what comes in a bank's name; undefined where it is longer than any bank's answer. */
export const readAnswer = (request: Request): Promise<string | undefined> => readBody(request, MAX_BYTES)

/**
 * `received`: it is stored, and applied at once or in a moment; of an unknown order too, or the bank would stop calling.
 * `refused`: no answer of that bank, or not authentic. `seconds`: how long to wait.
 */
export async function receiveIncoming(
  gatewayName: string,
  incoming: Incoming,
  address: string,
  now: Date,
): Promise<{ status: 'received' | 'refused' | 'no-gateway' } | { status: 'limited'; seconds: number }> {
  const gateway = findGateway(gatewayName)
  if (!gateway) return { status: 'no-gateway' }
  // No bank sends a NUL, and the database takes none.
  const answer = /%00|\0/.test(incoming.body) ? undefined : gateway.read(incoming)
  // Genuine ones are never limited.
  if (!answer?.authentic) {
    const seconds = await countTry(limits.forgedAnswersOfAddress(), { address })
    if (seconds > 0) return { status: 'limited', seconds }
  }
  if (!answer) return { status: 'refused' }
  const received = await receiveAnswer(database(), gatewayName, incoming.channel, answer, now)
  return { status: received === 'not-authentic' ? 'refused' : 'received' }
}

/** Notes that the customer of a payment came back from its bank: whatever the bank says, they may have paid there. */
export async function recordReturn(gateway: string, id: string, now: Date): Promise<void> {
  await withinLockWait(database(), tx =>
    tx
      .update(paymentAttempts)
      .set({ returnedAt: now })
      .where(
        and(
          eq(paymentAttempts.id, id),
          eq(paymentAttempts.gateway, gateway),
          inArray(paymentAttempts.state, openAttemptStates),
        ),
      ),
  )
}
