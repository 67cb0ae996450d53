// Leads the customer of a pending attempt to the bank's checkout page.
import { and, eq, isNull } from 'drizzle-orm'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { database } from '../platform/database.ts'
import { errorFacts, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { lockAttempt, transition } from './attempts.ts'
import type { CheckoutRedirect } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import { accountOf, type Payer, type PayerAtBank } from './payer.ts'
import { getPendingOrder } from './queries.ts'

/**
 * The redirect to the bank's checkout page for one of the payer's own pending attempts; null where there is none to pay. `bankUnavailable`:
 * the bank does not take the order, and an attempt that never was at the bank is cancelled, so that it holds no invoice.
 */
export async function checkoutRedirect(
  payer: PayerAtBank,
  id: string,
  now: Date,
): Promise<Result<CheckoutRedirect | null, 'bankUnavailable'>> {
  const pending = await getPendingOrder(payer, id, now)
  const gateway = pending && findGateway(pending.gateway)
  if (!gateway) return ok(null)
  try {
    const redirect = await gateway.begin(pending.order)
    if (!pending.sentBefore) {
      await database()
        .update(paymentAttempts)
        .set({ sentToBankAt: now })
        .where(and(eq(paymentAttempts.id, id), isNull(paymentAttempts.sentToBankAt)))
    }
    return ok(redirect)
  } catch (error) {
    log.error({ payment: pending.order.number, ...errorFacts(error) }, 'a bank did not take an order')
    await giveUpUnsent(payer, id, now)
    return fail('bankUnavailable')
  }
}

/** Nobody was ever led to the bank for it, so nobody can have paid: it needs not be asked. */
async function giveUpUnsent(payer: Payer, id: string, now: Date): Promise<void> {
  await withinLockWait(database(), async tx => {
    const attempt = await lockAttempt(tx, id)
    if (attempt.state !== 'pending' || attempt.sentToBankAt) return
    await transition(tx, attempt, 'cancelled', now, { accountId: accountOf(payer) })
  })
}
