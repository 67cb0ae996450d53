// Files cases: the case, its number, its documents and what its owner is told, in one transaction.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { caseEvents, caseNumbers, cases } from '../../db/schema/cases.ts'
import { claimDocuments, documentsGone } from '../files/commands.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { deadlineOf, type Limit } from './deadline-rules.ts'
import { getWorkingDays, keepDaysOff } from './deadlines.ts'
import { forgetDraftOf } from './drafts.ts'
import type { About, Case, Filed, Owner, Said } from './kind.ts'
import { type KindCode, kindOf, type kinds } from './kinds.ts'
import { acceptByRule, Refused } from './moves.ts'
import { tellOwner } from './telling.ts'

type InputOf<Code extends KindCode> = Said<(typeof kinds)[Code]['form']['fields']>
type FailureOf<Code extends KindCode> = keyof (typeof kinds)[Code]['form']['failures'] & string

/** How a case came: whose it is, with which documents, of which form, and from where. */
export type Filing = Omit<Filed, 'now'> & {
  documentIds: string[]
  idempotencyKey: string
  address?: string | null
  /** The member of staff who files it about its owner. */
  filedBy?: { id: string }
}

/** Files a case for staff, with its stored documents; of a form sent twice, the one that is there. Its value is the case's id. */
export async function fileCase<Code extends KindCode>(
  code: Code,
  input: InputOf<Code>,
  { owner, contract, documentIds, idempotencyKey, address, filedBy }: Filing,
  now: Date,
): Promise<Result<string, FailureOf<Code> | 'notFound'>> {
  const kind = kindOf({ kind: code })!
  const found = await kind.about(database(), input as never, { owner, contract, now })
  if (!found.ok) return fail(found.code as FailureOf<Code>)
  const { limit, ...about } = found.value
  const accountId = 'accountId' in owner ? owner.accountId : null
  const language = 'language' in owner ? owner.language : null
  return database()
    .transaction(async tx => {
      await keepDaysOff(tx)
      const limited = limit && {
        limitCount: limit.count,
        limitUnit: limit.unit,
        dueAt: await firstDueAt(tx, limit, about, now),
      }
      const [filed] = await tx
        .insert(cases)
        .values({
          ...about,
          ...limited,
          kind: code,
          queue: kind.queue,
          accountId,
          language,
          idempotencyKey,
          stateAt: now,
          createdAt: now,
        })
        .onConflictDoNothing()
        .returning()
      if (!filed) {
        const before = await findFiled(tx, owner, idempotencyKey)
        return before ? ok(before) : fail(kind.taken!)
      }
      const { id, answers } = filed
      await tx.insert(caseEvents).values({
        caseId: id,
        number: 1,
        move: 'file',
        state: 'pending',
        side: filedBy ? 'staff' : 'owner',
        madeBy: filedBy?.id ?? accountId,
        answers,
        at: now,
      })
      await claimDocuments(tx, documentIds, { id, event: 1, decidedAt: null, side: 'owner' })
      if (accountId && filed.contractId !== null)
        await forgetDraftOf(tx, { accountId, contractId: filed.contractId, kind: code })
      await recordEvent(tx, {
        accountId: filedBy?.id ?? accountId ?? undefined,
        action: 'case.filed',
        // As other deeds of staff.
        subject: filedBy ? `account:${accountId}` : `case:${id}`,
        details: { kind: code, ...(filedBy && { case: id }) },
        address,
        at: now,
      })
      const number = kind.numbered ? await giveNumber(tx, filed) : null
      if (await kind.grantedByRule?.(tx, filed)) {
        const accepted = await acceptByRule(tx, filed, now)
        if (!accepted.ok) throw new Refused(accepted.code)
      } else if (kind.tellsFiled) await tellOwner(tx, { ...filed, number }, 'file', kind.tellsFiled, '')
      return okOnce(tx, id)
    })
    .catch((error: unknown) => {
      if (error instanceof Refused) return fail(error.message)
      return documentsGone(error)
    }) as Promise<Result<string, FailureOf<Code> | 'notFound'>>
}

const firstDueAt = async (
  tx: Transaction,
  limit: Limit,
  { billerId, limitFrom }: About,
  now: Date,
): Promise<Date> =>
  deadlineOf(limit, [{ state: 'pending', at: now }], await getWorkingDays(tx, billerId), now, limitFrom).at

/** The next number of its biller's kind: whoever files another waits for the end of this transaction, so that none is left out. */
async function giveNumber(tx: Transaction, { id, billerId, kind }: Case): Promise<string> {
  const [counted] = await tx
    .insert(caseNumbers)
    .values({ billerId, kind, last: 1 })
    .onConflictDoUpdate({
      target: [caseNumbers.billerId, caseNumbers.kind],
      set: { last: sql`${caseNumbers.last} + 1` },
    })
    .returning({ last: caseNumbers.last })
  const number = `${kind}${String(counted!.last).padStart(9, '0')}`
  await tx.update(cases).set({ number }).where(eq(cases.id, id))
  return number
}

/** The case that this form filed; undefined where it filed none yet. */
export const findCaseOf = (owner: Owner, idempotencyKey: string) =>
  findFiled(database(), owner, idempotencyKey)

async function findFiled(db: Executor, owner: Owner, key: string): Promise<string | undefined> {
  const own = 'accountId' in owner ? eq(cases.accountId, owner.accountId) : isNull(cases.accountId)
  const [row] = await db
    .select({ id: cases.id })
    .from(cases)
    .where(and(own, eq(cases.idempotencyKey, key)))
  return row?.id
}
