// Sends a reading to the biller, takes it back, and hands a day's readings over.
import { and, eq, gte, isNotNull, isNull, not, or } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { lockContract } from '../contracts/access.ts'
import { isToHandOver } from '../contracts/sent-readings.ts'
import { documentsGone, keepWithReading, releaseReadingDocuments } from '../files/commands.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import { fail, type Result } from '../platform/result.ts'
import type { readingForm } from './forms.ts'
import { findReadable, type ReadableContract } from './queries.ts'
import { judgeReading } from './rules.ts'

type Who = { id: string }
type Typed = Omit<Input<typeof readingForm>, 'documents'>
type SendFailure =
  | 'notFound'
  | 'readingBelow'
  | 'readingBelowOther'
  | 'readingUnusual'
  | 'readingSentToday'
  | 'documentsGone'

/**
 * Keeps what the customer read on a contract's meter today, with photos that were stored, until the biller fetches it. `readingBelow`: the meter showed more
 * before; `readingBelowOther`: to somebody whose number of a new meter counts for nothing. `readingUnusual`: it has to be confirmed.
 * `readingSentToday`: they sent one, which is withdrawn first; what others sent keeps nobody from it.
 */
export async function sendReading(
  customer: Who,
  of: { biller: string; code: string },
  typed: Typed,
  photoIds: string[],
  now: Date,
): Promise<Result<number, SendFailure>> {
  const seen = await findReadable(database(), customer, of.biller, of.code, now)
  if (!seen) return fail('notFound')
  return database()
    .transaction(async (tx): Promise<Result<number, SendFailure>> => {
      // Against being closed, which takes the account off its readings.
      const [account] = await tx
        .select({ id: accounts.id })
        .from(accounts)
        .where(and(eq(accounts.id, customer.id), isNull(accounts.closedAt)))
        .for('key share')
      if (!account) return fail('notFound')
      // The contract may be handed over at this moment.
      await lockContract(tx, seen.id)
      const contract = await findReadable(tx, customer, of.biller, of.code, now)
      if (!contract || contract.notNeeded || contract.hasTwo !== (typed.lowReading !== undefined))
        return fail('notFound')
      const { id: contractId, billerId, today } = contract
      // Nobody confirms what cannot be sent anyhow.
      const { accountId, readOn, withdrawnAt } = customerReadings
      const own = and(eq(accountId, customer.id), eq(readOn, today), isNull(withdrawnAt))
      if (await tx.$count(customerReadings, and(eq(customerReadings.contractId, contractId), own)))
        return fail('readingSentToday')
      const judged = judge(contract, typed)
      const byHolder = contract.level === 'holder'
      if (judged === 'below') return fail(byHolder ? 'readingBelow' : 'readingBelowOther')
      if (judged === 'unusual' && !typed.confirmReading) return fail('readingUnusual')
      const [sent] = await tx
        .insert(customerReadings)
        .values({
          ...{ accountId: customer.id, byHolder, billerId, contractId, readOn: today, sentAt: now },
          ...{ high: typed.currentReading, low: typed.lowReading ?? null },
          ...{ meterNumber: typed.meterNumber ?? null, isUnusual: judged === 'unusual' },
        })
        .onConflictDoNothing()
        .returning({ id: customerReadings.id })
      if (!sent) return fail('readingSentToday')
      await keepWithReading(tx, photoIds, sent.id, now)
      await record(tx, 'reading.sent', customer.id, { ...sent, contractId }, now)
      return okOnce(tx, sent.id)
    })
    .catch(documentsGone)
}

/**
 * What anybody but the holder types as the meter's number is not compared with the one on record: else they could find that out,
 * which is a proof (lib/contracts/proof.ts).
 */
function judge({ known, level, today }: ReadableContract, typed: Typed) {
  const isHolders = level === 'holder' && typed.meterNumber !== undefined
  return judgeReading(
    {
      meterNumber: isHolders ? typed.meterNumber! : known.meterNumber,
      high: Number(typed.currentReading),
      low: typed.lowReading === undefined ? null : Number(typed.lowReading),
    },
    known,
    today,
  )
}

/** Takes a reading of the customer's own back, and its photos. `tooLate`: the biller has it, and nothing was done. */
export async function withdrawReading(
  customer: Who,
  id: number,
  now: Date,
): Promise<Result<'withdrawn' | 'tooLate', 'notFound'>> {
  return database().transaction(async tx => {
    const [reading] = await tx
      .select()
      .from(customerReadings)
      .where(and(eq(customerReadings.id, id), eq(customerReadings.accountId, customer.id)))
      .for('update')
    if (!reading || reading.withdrawnAt) return fail('notFound')
    if (reading.handedOverAt) return okOnce(tx, 'tooLate')
    await tx.update(customerReadings).set({ withdrawnAt: now }).where(eq(customerReadings.id, id))
    await releaseReadingDocuments(tx, [id])
    await record(tx, 'reading.withdrawn', customer.id, reading, now)
    return okOnce(tx, 'withdrawn')
  })
}

const record = (
  tx: Transaction,
  action: 'reading.sent' | 'reading.withdrawn',
  accountId: string | undefined,
  { id, contractId }: { id: number; contractId: number },
  at: Date,
) =>
  recordEvent(tx, {
    ...{ accountId, action, subject: `contract:${contractId}`, details: { reading: id }, at },
  })

/**
 * The biller has the readings of a day that is over: none of them is withdrawn any more, so that the day stays as it is. Those of
 * senders whom the holder has shut out since are withdrawn instead. `from`: the id at which the biller reads on; beyond the
 * day's last one it gets nothing, and nothing is handed over.
 */
export async function handOverReadings(
  billerId: number,
  day: IsoDate,
  from: number,
  now: Date,
): Promise<void> {
  const { handedOverAt, withdrawnAt, readOn } = customerReadings
  const ofDay = and(eq(customerReadings.billerId, billerId), eq(readOn, day))
  const waiting = and(ofDay, isNull(handedOverAt), isNull(withdrawnAt))
  await database().transaction(async tx => {
    if ((await tx.$count(customerReadings, and(ofDay, gte(customerReadings.id, from)))) === 0) return
    const dropped = await tx
      .update(customerReadings)
      .set({ withdrawnAt: now })
      .where(and(waiting, not(isToHandOver('customer_readings'))))
      .returning({ id: customerReadings.id, contractId: customerReadings.contractId })
    await releaseReadingDocuments(
      tx,
      dropped.map(({ id }) => id),
    )
    for (const one of dropped) await record(tx, 'reading.withdrawn', undefined, one, now)
    await tx.update(customerReadings).set({ handedOverAt: now }).where(waiting)
  })
}

/**
 * Of an account that is closed, while it still has its contracts: what the biller got, or will, stays and names nobody; what was
 * withdrawn goes, and what the biller would not get.
 */
export async function detachReadings(tx: Transaction, accountId: string): Promise<void> {
  const own = eq(customerReadings.accountId, accountId)
  const isHandedOver = isNotNull(customerReadings.handedOverAt)
  const stays = or(isHandedOver, isToHandOver('customer_readings'))!
  await tx.delete(customerReadings).where(and(own, or(isNotNull(customerReadings.withdrawnAt), not(stays))))
  await tx.update(customerReadings).set({ accountId: null }).where(own)
}
