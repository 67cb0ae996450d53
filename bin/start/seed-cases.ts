// What the people of the demonstration did at times that are past: in the order of these times, and cases moved as their owners and staff would.
import { eq, inArray } from 'drizzle-orm'
import type { CaseMove } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { findStaff, type Staff } from '../../lib/auth/staff.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { hourIn, PORTAL_ZONE } from '../../lib/platform/dates.ts'
import type { Result } from '../../lib/platform/result.ts'

/** `after`: so many days after the case was filed. */
export type ToldMove = { move: CaseMove; after: number; note?: string }

/** What was done at a moment. The deeds of one history may lean on those before them. */
export type Deed = { at: Date; run: () => Promise<unknown> }

type Who = { id: string }
/** `decider`: makes what an agent may not. */
export type People = { customer: Who; agent: Staff; decider: Staff }

const DAY_MS = 86_400_000
const OWN: CaseMove[] = ['answer', 'amend', 'write', 'withdraw']
const DECIDERS: CaseMove[] = ['revoke']

export const daysAgo = (days: number): Date => new Date(clock.now().getTime() - days * DAY_MS)

/** What is made at a moment bears its time, whatever it asks the clock for: a certificate, a notice. */
export async function at<T>(moment: Date, run: () => Promise<T>): Promise<T> {
  const { now } = clock
  clock.now = () => moment
  return run().finally(() => {
    clock.now = now
  })
}

/**
 * Does them as time passed, whoever did them: the logs list by the order in which they were written. Customers get no messages: all
 * of it is long past.
 */
export async function doInTurn(deeds: Deed[], usernames: string[]): Promise<void> {
  const db = database()
  const { username, notifyByEmail, notifyBySms } = accounts
  const told = await db
    .select({ username, notifyByEmail, notifyBySms })
    .from(accounts)
    .where(inArray(username, usernames))
  await db
    .update(accounts)
    .set({ notifyByEmail: false, notifyBySms: false })
    .where(inArray(username, usernames))
  try {
    // Those of one moment keep their order.
    for (const { at: moment, run } of deeds.toSorted((a, b) => a.at.getTime() - b.at.getTime()))
      await at(moment, run)
  } finally {
    for (const { username: who, ...ways } of told)
      await db.update(accounts).set(ways).where(eq(username, who))
  }
}

/** The customer, and the staff of the demonstration. */
export async function findPeople(username: string): Promise<People> {
  const staff = async (name: string) => (await findStaff(await findAccount(name))) as Staff
  return {
    customer: await findAccount(username),
    agent: await staff('operator'),
    decider: await staff('supervisor'),
  }
}

async function findAccount(username: string): Promise<Who> {
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.username, username))
  return account!
}

/** A case, which `file` files, and what became of it; staff move it while their office is open. */
export function historyOfCase(
  filedAt: Date,
  file: () => Promise<Result<string, string>>,
  moves: ToldMove[],
  { customer, agent, decider }: People,
): Deed[] {
  let caseId: string
  const filing = async () => {
    const filed = await file()
    if (!filed.ok) throw new Error(`A case of the demonstration was not taken: ${filed.code}.`)
    caseId = filed.value
  }
  const deeds: Deed[] = [{ at: filedAt, run: filing }]
  for (const { move, after, note } of moves) {
    const told = new Date(filedAt.getTime() + after * DAY_MS)
    const isOwn = OWN.includes(move)
    const moment = isOwn ? told : atWork(told, deeds.at(-1)!.at)
    const moving = async () => {
      const moved = isOwn
        ? await moveOwnCase(customer, caseId, move, { note }, moment)
        : await moveCase(DECIDERS.includes(move) ? decider : agent, caseId, move, { note }, moment)
      if (!moved.ok) throw new Error(`A case of the demonstration was not moved (${move}): ${moved.code}.`)
    }
    deeds.push({ at: moment, run: moving })
  }
  return deeds
}

/** The nearest time of that day at which an office is open, but after what came before and not in the future. */
function atWork(at: Date, before: Date): Date {
  const hour = hourIn(PORTAL_ZONE, at)
  const open = Math.min(15, Math.max(8, hour))
  const shifted = at.getTime() + (open - hour) * 3_600_000
  return new Date(Math.min(clock.now().getTime(), Math.max(before.getTime() + 60_000, shifted)))
}
