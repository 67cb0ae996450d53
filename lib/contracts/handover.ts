// A holder who moves out: the day they name, what it ends, and how it is undone.
import { and, eq, isNull, max, ne, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess, contractHandovers } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { isSupply } from '../billers/supply.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate } from '../platform/dates.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import {
  accessLevel,
  billerColumns,
  hasAccess,
  hasContract,
  heldUntilDay,
  holdsNow,
  isAccess,
  lockContract,
  selectAccess,
} from './access.ts'
import { endOfDay } from './decisions.ts'
import { endInTransaction } from './ended-access.ts'
import { HANDOVER_AHEAD_DAYS, HANDOVER_BACK_DAYS } from './rules.ts'
import { tellMover, tellPerson } from './telling.ts'

type Who = { id: string }

export type HandoverFailure = 'movesOutTooEarly' | 'movesOutTooLate' | 'movesOutBeforeOwn' | 'handoverNamed'

/** Whether the holder may name this day; its value is the day. `handoverNamed`: there is one already, which is to be undone first. */
export async function checkHandover(
  customer: Who,
  biller: string,
  code: string,
  movesOutOn: IsoDate,
  now: Date,
): Promise<Result<IsoDate, 'notFound' | HandoverFailure>> {
  const own = await findOwn(database(), customer, biller, code)
  return own ? openDay(own, movesOutOn, now) : fail('notFound')
}

/**
 * The holder moves out on this day. From then on they see only what began by then; those whom they allowed something end with them;
 * whoever comes after begins there. Where somebody else holds the contract too it stays theirs, and nobody else's access changes.
 */
export async function nameHandover(
  customer: Who,
  biller: string,
  code: string,
  movesOutOn: IsoDate,
  now: Date,
): Promise<Result<IsoDate, 'notFound' | HandoverFailure>> {
  return database().transaction(async tx => {
    const contract = await lockOwn(tx, customer, biller, code)
    if (!contract) return fail('notFound')
    const { id, own } = contract
    const open = openDay(own, movesOutOn, now)
    if (!open.ok) return open
    await endInTransaction(tx, now, id)
    const handoverAt = endOfDay(own.biller.timeZone, movesOutOn)
    const isLast = !(await isHeldByOther(tx, customer, id))
    const named = await tx
      .update(contractAccess)
      .set({
        untilOn: movesOutOn,
        handoverOn: null,
        handoverAt,
        // Their own time stays theirs when they are the holder no more, whatever another one had allowed them.
        level: 'masked',
        holderDecision: sql`nullif(${contractAccess.holderDecision}, 'approved')`,
        endsAt: null,
      })
      .where(isAccess(customer.id, id))
      .returning({ contractId: contractAccess.contractId })
    // They closed their account at this moment.
    if (named.length === 0) return fail('notFound')
    if (isLast) {
      await tx.insert(contractHandovers).values({ contractId: id, movesOutOn }).onConflictDoNothing()
      for (const accountId of await listMasked(tx, customer, id))
        await tellPerson(tx, accountId, id, 'handedOver', movesOutOn)
      await tx
        .update(contractAccess)
        .set({ handoverOn: movesOutOn, handoverAt })
        .where(and(eq(contractAccess.contractId, id), isNull(contractAccess.untilOn)))
    }
    await recordHandover(tx, 'handover.named', customer, id, movesOutOn, now)
    await tellMover(tx, customer.id, id, 'named', movesOutOn)
    // Of a day that is over.
    await endInTransaction(tx, now, id)
    return okOnce(tx, movesOutOn)
  })
}

/** Takes the day back, until it is over. `handoverOver`: it is, or none is named. */
export async function undoHandover(
  customer: Who,
  biller: string,
  code: string,
  now: Date,
): Promise<Result<undefined, 'notFound' | 'handoverOver'>> {
  return database().transaction(async tx => {
    const contract = await lockOwn(tx, customer, biller, code)
    if (!contract) return fail('notFound')
    const { id, own } = contract
    const { untilOn, handoverAt } = own
    if (!untilOn || !handoverAt || handoverAt <= now) return fail('handoverOver')
    await tx
      .update(contractAccess)
      .set({ untilOn: null, handoverAt: null, level: 'amounts' })
      .where(isAccess(customer.id, id))
    await takeBackHandover(tx, id, untilOn)
    await recordHandover(tx, 'handover.undone', customer, id, untilOn, now)
    await tellMover(tx, customer.id, id, 'undone', untilOn)
    return okOnce(tx, undefined)
  })
}

/** What the day meant for others, where it meant anything: they are as before, but for what has ended meanwhile. */
export async function takeBackHandover(tx: Transaction, contractId: number, day: IsoDate): Promise<void> {
  const ofContract = eq(contractHandovers.contractId, contractId)
  const handed = await tx
    .delete(contractHandovers)
    .where(and(ofContract, eq(contractHandovers.movesOutOn, day)))
    .returning({ day: contractHandovers.movesOutOn })
  if (handed.length === 0) return
  const ofThese = eq(contractAccess.contractId, contractId)
  await tx
    .update(contractAccess)
    .set({ handoverOn: null, handoverAt: null })
    .where(and(ofThese, eq(contractAccess.handoverOn, day)))
  const before = tx
    .select({ day: max(contractHandovers.movesOutOn) })
    .from(contractHandovers)
    .where(ofContract)
  await tx
    .update(contractAccess)
    .set({ fromOn: sql`(${before})` })
    .where(and(ofThese, eq(contractAccess.fromOn, day)))
}

/** The time of somebody who adds the contract now: after the last day that is over, and as those who were there before one to come. */
export async function timeOfNewcomer(
  tx: Transaction,
  contractId: number,
  now: Date,
): Promise<Pick<typeof contractAccess.$inferInsert, 'fromOn' | 'handoverOn' | 'handoverAt'>> {
  // Whoever names a day meanwhile waits, and finds the newcomer.
  const [contract] = await tx
    .select({ timeZone: billers.timeZone })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(eq(contracts.id, contractId))
    .for('share', { of: contracts })
  const { timeZone } = contract!
  const days = await tx
    .select({ day: contractHandovers.movesOutOn })
    .from(contractHandovers)
    .where(eq(contractHandovers.contractId, contractId))
  const today = dayIn(timeZone, now)
  const latest = (some: IsoDate[]) => some.sort().at(-1) ?? null
  const fromOn = latest(days.map(({ day }) => day).filter(day => day < today))
  const handoverOn = latest(days.map(({ day }) => day).filter(day => day >= today))
  return { fromOn, handoverOn, handoverAt: handoverOn === null ? null : endOfDay(timeZone, handoverOn) }
}

type Own = {
  biller: { code: BillerCode; timeZone: string }
  holdsNow: boolean
  heldUntilDay: boolean
  fromOn: IsoDate | null
  untilOn: IsoDate | null
  handoverAt: Date | null
}

/** The contract of these codes where the customer holds it, or did until they moved out. */
async function findOwn(
  db: Executor,
  customer: Who,
  biller: string,
  code: string,
): Promise<(Own & { id: number }) | undefined> {
  const { fromOn, untilOn, handoverAt } = contractAccess
  const [own] = await selectAccess(db, {
    id: contracts.id,
    biller: billerColumns,
    holdsNow,
    heldUntilDay,
    fromOn,
    untilOn,
    handoverAt,
  }).where(hasContract(customer.id, biller, code))
  return own && (own.holdsNow || own.heldUntilDay) ? own : undefined
}

async function lockOwn(tx: Transaction, customer: Who, biller: string, code: string) {
  const seen = await findOwn(tx, customer, biller, code)
  if (!seen) return undefined
  await lockContract(tx, seen.id, 'no key update')
  const own = await findOwn(tx, customer, biller, code)
  return own && { id: seen.id, own }
}

function openDay(
  { biller: { code, timeZone }, holdsNow, fromOn, untilOn }: Own,
  day: IsoDate,
  now: Date,
): Result<IsoDate, 'notFound' | HandoverFailure> {
  const today = dayIn(timeZone, now)
  if (untilOn !== null) return fail('handoverNamed')
  if (!holdsNow || !isSupply(code)) return fail('notFound')
  if (day < addDays(today, -HANDOVER_BACK_DAYS)) return fail('movesOutTooEarly')
  if (day > addDays(today, HANDOVER_AHEAD_DAYS)) return fail('movesOutTooLate')
  if (fromOn !== null && day <= fromOn) return fail('movesOutBeforeOwn')
  return ok(day)
}

const ofOthers = (customer: Who, contractId: number) =>
  and(eq(contractAccess.contractId, contractId), ne(contractAccess.accountId, customer.id), hasAccess)

/** Somebody else holds it who does not move out. */
async function isHeldByOther(tx: Transaction, customer: Who, contractId: number): Promise<boolean> {
  const [other] = await selectAccess(tx, { id: contracts.id })
    .where(and(ofOthers(customer, contractId), holdsNow, isNull(contractAccess.untilOn)))
    .limit(1)
  return other !== undefined
}

/** Those who see more than amounts, and will not any more. */
async function listMasked(tx: Transaction, customer: Who, contractId: number): Promise<string[]> {
  const rows = await selectAccess(tx, { accountId: contractAccess.accountId, level: accessLevel }).where(
    and(ofOthers(customer, contractId), isNull(contractAccess.untilOn)),
  )
  return rows.filter(({ level }) => level === 'masked').map(({ accountId }) => accountId)
}

const recordHandover = (
  tx: Transaction,
  action: 'handover.named' | 'handover.undone',
  customer: Who,
  contractId: number,
  movesOutOn: IsoDate,
  at: Date,
) =>
  recordEvent(tx, {
    accountId: customer.id,
    action,
    subject: `contract:${contractId}`,
    details: { movesOutOn },
    at,
  })
