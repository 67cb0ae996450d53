// What a holder decides about others who have the contract.
import type { Transaction } from '../../db/client.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, instantIn } from '../platform/dates.ts'
import { fail, type Result } from '../platform/result.ts'
import {
  accessLevel,
  billerColumns,
  hasContract,
  holdsNow,
  isAccess,
  lockContract,
  selectAccess,
} from './access.ts'
import { endInTransaction } from './ended-access.ts'
import { tellPerson } from './telling.ts'

type Who = { id: string }

/** `until`: the last day of what is approved; undefined: it has no end. A limit and a refusal have none. */
export type AccessDecision = { level: 'approved' | 'limited' | 'refused'; until?: IsoDate }

/** When a day is over at a place. */
export const endOfDay = (timeZone: string, day: IsoDate): Date =>
  instantIn(timeZone, `${addDays(day, 1)}T00:00:00`)!

/**
 * The holder's answer about somebody else who has the contract, who is told. `already`: it was so before, and nobody is told again.
 * `untilPast`: the day is over.
 */
export async function decideAccess(
  customer: Who,
  biller: string,
  code: string,
  accountId: string,
  { level, until }: AccessDecision,
  now: Date,
): Promise<Result<'decided' | 'already', 'notFound' | 'untilPast'>> {
  return database().transaction(async tx => {
    const find = () =>
      selectAccess(tx, { id: contracts.id, biller: billerColumns, holdsNow }).where(
        hasContract(customer.id, biller, code),
      )
    const [seen] = await find()
    if (!seen) return fail('notFound')
    // They may be moving out at this moment.
    await lockContract(tx, seen.id)
    const [own] = await find()
    if (!own?.holdsNow || accountId === customer.id) return fail('notFound')
    const { timeZone } = own.biller
    const lasts = level === 'approved' ? until : undefined
    if (lasts && lasts < dayIn(timeZone, now)) return fail('untilPast')
    await endInTransaction(tx, now, own.id)
    const before = await findOther(tx, accountId, own.id)
    if (!before) return fail('notFound')
    const endsAt = lasts ? endOfDay(timeZone, lasts) : null
    if (before.decision === level && before.endsAt?.getTime() === endsAt?.getTime())
      return okOnce(tx, 'already')
    await tx
      .update(contractAccess)
      .set({ holderDecision: level, level: level === 'approved' ? 'masked' : 'amounts', endsAt })
      .where(isAccess(accountId, own.id))
    await recordEvent(tx, {
      accountId: customer.id,
      action: `access.${level}`,
      subject: `contract:${own.id}`,
      details: lasts ? { accountId, until: lasts } : { accountId },
      at: now,
    })
    const isWithdrawn = level === 'limited' && before.level === 'masked'
    await tellPerson(tx, accountId, own.id, isWithdrawn ? 'withdrawn' : level, lasts ?? null)
    return okOnce(tx, 'decided')
  })
}

/** Of several holders, none decides about another, nor about who held the contract before; undefined then. */
async function findOther(tx: Transaction, accountId: string, contractId: number) {
  // Two holders may decide at once.
  await tx
    .select({ id: contractAccess.accountId })
    .from(contractAccess)
    .where(isAccess(accountId, contractId))
    .for('update')
  const [other] = await selectAccess(tx, {
    level: accessLevel,
    decision: contractAccess.holderDecision,
    endsAt: contractAccess.endsAt,
    untilOn: contractAccess.untilOn,
  }).where(isAccess(accountId, contractId))
  return other === undefined || other.level === 'holder' || other.untilOn !== null ? undefined : other
}
