// Sends a reading to the biller, takes it back, and hands a day's readings over.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { lockContract } from '../contracts/access.ts'
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
type SendFailure = 'notFound' | 'readingBelow' | 'readingUnusual' | 'readingSentToday' | 'documentsGone'

/**
 * Keeps what the customer read on a contract's meter today, with photos that were stored, until the biller fetches it. `readingBelow`: the meter showed more
 * before. `readingUnusual`: it has to be confirmed. `readingSentToday`: one was, by whomever; it is withdrawn first.
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
      // The contract may be handed over at this moment.
      await lockContract(tx, seen.id)
      const contract = await findReadable(tx, customer, of.biller, of.code, now)
      if (!contract || contract.notNeeded || contract.hasTwo !== (typed.lowReading !== undefined))
        return fail('notFound')
      const judged = judge(contract, typed)
      if (judged === 'below') return fail('readingBelow')
      if (judged === 'unusual' && !typed.confirmReading) return fail('readingUnusual')
      const { id: contractId, billerId, today } = contract
      const [sent] = await tx
        .insert(customerReadings)
        .values({
          ...{ accountId: customer.id, billerId, contractId, readOn: today, sentAt: now },
          ...{ high: typed.currentReading, low: typed.lowReading ?? null },
          ...{ meterNumber: typed.meterNumber ?? null, isUnusual: judged === 'unusual' },
        })
        .onConflictDoNothing()
        .returning({ id: customerReadings.id })
      if (!sent) return fail('readingSentToday')
      await keepWithReading(tx, photoIds, sent.id, now)
      await record(tx, 'reading.sent', customer, { ...sent, contractId }, now)
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

/** Takes a reading of the customer's own back, and its photos. `readingHandedOver`: the biller has it. */
export async function withdrawReading(
  customer: Who,
  id: number,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'readingHandedOver'>> {
  return database().transaction(async tx => {
    const [reading] = await tx
      .select()
      .from(customerReadings)
      .where(and(eq(customerReadings.id, id), eq(customerReadings.accountId, customer.id)))
      .for('update')
    if (!reading || reading.withdrawnAt) return fail('notFound')
    if (reading.handedOverAt) return fail('readingHandedOver')
    await tx.update(customerReadings).set({ withdrawnAt: now }).where(eq(customerReadings.id, id))
    await releaseReadingDocuments(tx, id)
    await record(tx, 'reading.withdrawn', customer, reading, now)
    return okOnce(tx, undefined)
  })
}

const record = (
  tx: Transaction,
  action: 'reading.sent' | 'reading.withdrawn',
  customer: Who,
  { id, contractId }: { id: number; contractId: number },
  at: Date,
) =>
  recordEvent(tx, {
    ...{ accountId: customer.id, action, subject: `contract:${contractId}`, details: { reading: id }, at },
  })

/** The biller has the readings of a day that is over: none of them is withdrawn any more, so that the day stays as it is. */
export async function handOverReadings(
  db: Executor,
  billerId: number,
  day: IsoDate,
  now: Date,
): Promise<void> {
  await db
    .update(customerReadings)
    .set({ handedOverAt: now })
    .where(
      and(
        eq(customerReadings.billerId, billerId),
        eq(customerReadings.readOn, day),
        isNull(customerReadings.handedOverAt),
        isNull(customerReadings.withdrawnAt),
      ),
    )
}

/** Of an account that is closed: what the biller got, or will, stays and names nobody; what was withdrawn goes. */
export async function detachReadings(tx: Transaction, accountId: string): Promise<void> {
  const own = eq(customerReadings.accountId, accountId)
  await tx.delete(customerReadings).where(and(own, sql`${customerReadings.withdrawnAt} is not null`))
  await tx.update(customerReadings).set({ accountId: null }).where(own)
}
