// Puts a question to a bank, and remembers of each account since when its bank answers none.
import { and, eq, lte, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { bankSilences } from '../../db/schema/gateway-accounts.ts'
import { errorFacts, log } from '../platform/log.ts'
import type { BankAnswer, GatewayAccount, PlacedOrder } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'

/** While a payment is open its bank is asked every hour at least: of an account that was not asked for longer nothing is known. */
const ASKED_WITHIN_HOURS = 2
/** Of silence so much is written down, however many questions there are. */
const NOTED_SECONDS = 10

/** Asks the account's bank about an order. `no-answer`: it refused to speak of the account, or was silent; which, and since when, is kept. */
export async function putQuestion(
  db: Database,
  account: GatewayAccount,
  order: PlacedOrder,
  now: Date,
): Promise<BankAnswer | 'not-found' | 'no-answer'> {
  const gateway = findGateway(account.gateway)
  // Whoever has no name of the bank's was never led there. It is not asked, so that nothing is known of it.
  if (gateway?.needsBankOrderId && !order.bankOrderId) return 'not-found'
  const answer = (await gateway?.query(account, order)) ?? 'no-answer'
  const isSilent = answer === 'no-answer' || answer === 'refused'
  // The answer counts, whether this is written down or not.
  await (isSilent
    ? noteSilence(db, account.id, answer === 'refused', now)
    : endSilence(db, account.id, now)
  ).catch(error =>
    log.warn({ account: account.code, ...errorFacts(error) }, 'whether a bank answers was not written down'),
  )
  return isSilent ? 'no-answer' : answer
}

/** What was asked before the silence began may be answered late: it ends none. */
async function endSilence(db: Database, gatewayAccountId: number, now: Date): Promise<void> {
  await db
    .delete(bankSilences)
    .where(and(eq(bankSilences.gatewayAccountId, gatewayAccountId), lte(bankSilences.lastAt, now)))
}

async function noteSilence(
  db: Database,
  gatewayAccountId: number,
  refused: boolean,
  now: Date,
): Promise<void> {
  const { lastAt } = bankSilences
  await db
    .insert(bankSilences)
    .values({ gatewayAccountId, refused, since: now, lastAt: now })
    .onConflictDoUpdate({
      target: bankSilences.gatewayAccountId,
      set: {
        refused: sql`excluded.refused`,
        lastAt: sql`excluded.last_at`,
        since: sql`case when ${lastAt} < excluded.last_at - make_interval(hours => ${ASKED_WITHIN_HOURS}::int)
          then excluded.since else ${bankSilences.since} end`,
      },
      // A question that was put earlier may end later.
      setWhere: sql`${lastAt} < excluded.last_at and (${bankSilences.refused} <> excluded.refused
        or ${lastAt} < excluded.last_at - make_interval(secs => ${NOTED_SECONDS}::int))`,
    })
}

/** Of a row `s` of bank_silences: the bank answers none now, as far as anybody asked. */
export const isSilentNow = (now: Date): SQL =>
  sql`s.last_at > ${now.toISOString()}::timestamptz - make_interval(hours => ${ASKED_WITHIN_HOURS}::int)`
