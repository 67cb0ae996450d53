// Leads the customer of a pending attempt to the bank: the order is placed there once, and where that leads is kept.
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, gt, isNull, lte, not, or, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { isStopped, stoppedUntil } from '../maintenance/queries.ts'
import type { Stopped } from '../maintenance/schema.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { accountOfAttempt } from './accounts.ts'
import { type AttemptRow, lockAttempt, scheduleCheck, transition } from './attempts.ts'
import type { CheckoutRedirect, Gateway, GatewayAccount, Order, Placed } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'
import { accountOf, isPayers, type Payer, type PayerAtBank } from './payer.ts'
import { hasExpired, orderNumberOf } from './rules.ts'

/** Whoever places an order has it for so long; after that its process has died. */
const PLACING_MS = 30_000
/** Whoever comes while another process places the order looks again so often, so many times. */
const LOOK_MS = 250
const LOOKS = 20

/**
 * The redirect to the bank's checkout page for one of the payer's own pending attempts, the same whenever and wherever it is asked for;
 * null where there is none to pay, or another process still places the order. `bankUnavailable`: the bank does not take the order, and an
 * attempt that never was at the bank is cancelled, so that it holds no invoice; so it is where payments are stopped, and nobody is led on.
 */
export async function checkoutRedirect(
  payer: PayerAtBank,
  id: string,
  now: Date,
): Promise<Result<CheckoutRedirect | null, 'bankUnavailable'> | Stopped> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (looks > 0) await sleep(LOOK_MS)
    const attempt = await findPending(payer, id, now)
    if (!attempt) return ok(null)
    if (attempt.isStopped) return stop(payer, attempt, now)
    if (attempt.redirect) return ok(attempt.redirect)
    const account = await accountOfAttempt(attempt)
    const gateway = account && findGateway(account.gateway)
    if (!gateway) return ok(null)
    const claimed = await claim(attempt, now)
    if (claimed) return placeOrder(gateway, account, claimed, payer, now)
  }
  return ok(null)
}

type Pending = AttemptRow & { billerName: string; isStopped: boolean }

async function stop(payer: Payer, attempt: Pending, now: Date): Promise<Stopped | Result<null, never>> {
  // Whose process places it at this moment may have been first.
  if (!attempt.sentToBankAt && !attempt.placingSince) await giveUpUnsent(payer, attempt, now)
  const until = await stoppedUntil(database(), now)
  return until ? { ok: false, code: 'maintenance', until } : ok(null)
}

/** A pending attempt of the payer; undefined for any other, and for one that has had its time. */
async function findPending(payer: Payer, id: string, now: Date): Promise<Pending | undefined> {
  const [row] = await database()
    .select({ attempt: paymentAttempts, billerName: billers.name, isStopped: isStopped(now) })
    .from(paymentAttempts)
    .innerJoin(billers, eq(billers.id, paymentAttempts.billerId))
    .where(and(eq(paymentAttempts.id, id), isPayers(payer), eq(paymentAttempts.state, 'pending')))
  if (!row || hasExpired(row.attempt, env().PAYMENT_EXPIRY_MINUTES, now)) return undefined
  return { ...row.attempt, billerName: row.billerName, isStopped: row.isStopped }
}

/** Takes the placing of an order for a while; undefined where another process has it. */
async function claim(attempt: Pending, now: Date): Promise<Pending | undefined> {
  const [claimed] = await database()
    .update(paymentAttempts)
    .set({ placingSince: now, placed: sql`${paymentAttempts.placed} + 1` })
    .where(
      and(
        eq(paymentAttempts.id, attempt.id),
        eq(paymentAttempts.state, 'pending'),
        isNull(paymentAttempts.redirect),
        not(isStopped(now)),
        or(
          isNull(paymentAttempts.placingSince),
          lte(paymentAttempts.placingSince, new Date(now.getTime() - PLACING_MS)),
          // The clock was set back since.
          gt(paymentAttempts.placingSince, new Date(now.getTime() + PLACING_MS)),
        ),
      ),
    )
    .returning()
  return claimed && { ...attempt, ...claimed }
}

async function placeOrder(
  gateway: Gateway,
  account: GatewayAccount,
  attempt: Pending,
  payer: PayerAtBank,
  now: Date,
): Promise<Result<CheckoutRedirect | null, 'bankUnavailable'>> {
  const placed = await gateway.place(account, orderOf(attempt, payer.language)).catch((error: unknown) => {
    log.error(
      { payment: attempt.number, account: account.code, ...errorFacts(error) },
      'placing an order failed',
    )
    return fail('unreachable')
  })
  if (placed.ok) return ok(await keep(attempt, placed.value, now))
  log.error(
    { payment: attempt.number, account: account.code, why: placed.code },
    'a bank did not take an order',
  )
  await giveUpUnsent(payer, attempt, now)
  return fail('bankUnavailable')
}

function orderOf({ id, gateway, billerName, ...attempt }: Pending, language: string): Order {
  const address = (path: string) => new URL(path, env().APP_URL).href
  return {
    number: orderNumberOf(attempt),
    amount: attempt.amount,
    currency: attempt.currency,
    language,
    billerName,
    // The payment stands in the way back itself, so that a return without any answer still finds it. What opens anything, as a
    // link's token does, is not the bank's to know.
    returnUrl: address(`/payments/return/${gateway}?payment=${id}`),
    callbackUrl: address(`/api/payments/${gateway}/callback`),
  }
}

/** Only what is kept leads anybody to the bank; null where the attempt has ended meanwhile, or another process took it over. */
async function keep(attempt: Pending, placed: Placed, now: Date): Promise<CheckoutRedirect | null> {
  const { redirect, bankOrderId = null, expiresAt: orderExpiresAt = null } = placed
  const [kept] = await database()
    .update(paymentAttempts)
    .set({
      redirect,
      bankOrderId,
      orderExpiresAt,
      placingSince: null,
      sentToBankAt: sql`coalesce(${paymentAttempts.sentToBankAt}, ${now.toISOString()}::timestamptz)`,
    })
    .where(
      and(
        eq(paymentAttempts.id, attempt.id),
        eq(paymentAttempts.placed, attempt.placed),
        eq(paymentAttempts.state, 'pending'),
      ),
    )
    .returning()
  if (!kept) return null
  if (orderExpiresAt) await scheduleCheck(database(), kept, now)
  return kept.redirect
}

/** Nobody was ever led to the bank for it, so nobody can have paid: it needs not be asked. */
async function giveUpUnsent(payer: Payer, { id, placed }: Pending, now: Date): Promise<void> {
  await withinLockWait(database(), async tx => {
    const attempt = await lockAttempt(tx, id)
    if (attempt.state !== 'pending' || attempt.placed !== placed) return
    if (attempt.sentToBankAt) {
      await tx.update(paymentAttempts).set({ placingSince: null }).where(eq(paymentAttempts.id, id))
    } else {
      await transition(tx, attempt, 'cancelled', now, { accountId: accountOf(payer) })
    }
  })
}
