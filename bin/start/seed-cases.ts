// Moves cases of the demonstration as their owners and staff would have done, at times that are past.
import { eq } from 'drizzle-orm'
import type { CaseMove } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { findStaff, type Staff } from '../../lib/auth/staff.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { hourIn, PORTAL_ZONE } from '../../lib/platform/dates.ts'

/** `after`: so many days after the case was filed. */
export type ToldMove = { move: CaseMove; after: number; note?: string }

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

/** Runs as the customer and with the staff of the demonstration, without messages to the customer: all of it is long past. */
export async function withPeople(username: string, run: (people: People) => Promise<void>): Promise<void> {
  const staff = async (name: string) => (await findStaff(await findAccount(name))) as Staff
  const customer = await findAccount(username)
  const people = { customer, agent: await staff('operator'), decider: await staff('supervisor') }
  const tell = (notifyByEmail: boolean, notifyBySms: boolean) =>
    database().update(accounts).set({ notifyByEmail, notifyBySms }).where(eq(accounts.id, customer.id))
  const [{ byEmail, bySms }] = (await database()
    .select({ byEmail: accounts.notifyByEmail, bySms: accounts.notifyBySms })
    .from(accounts)
    .where(eq(accounts.id, customer.id))) as [{ byEmail: boolean; bySms: boolean }]
  await tell(false, false)
  await run(people).finally(() => tell(byEmail, bySms))
}

async function findAccount(username: string): Promise<Who> {
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.username, username))
  return account!
}

/** What became of a case; staff move it while their office is open. */
export async function makeMoves(
  caseId: string,
  filedAt: Date,
  moves: ToldMove[],
  { customer, agent, decider }: People,
): Promise<void> {
  let last = filedAt
  for (const { move, after, note } of moves) {
    const told = new Date(filedAt.getTime() + after * DAY_MS)
    const isOwn = OWN.includes(move)
    last = isOwn ? told : atWork(told, last)
    const moment = last
    const moved = await at(moment, () =>
      isOwn
        ? moveOwnCase(customer, caseId, move, { note }, moment)
        : moveCase(DECIDERS.includes(move) ? decider : agent, caseId, move, { note }, moment),
    )
    if (!moved.ok) throw new Error(`A case of the demonstration was not moved (${move}): ${moved.code}.`)
  }
}

/** The nearest time of that day at which an office is open, but after what came before and not in the future. */
function atWork(at: Date, before: Date): Date {
  const hour = hourIn(PORTAL_ZONE, at)
  const open = Math.min(15, Math.max(8, hour))
  const shifted = at.getTime() + (open - hour) * 3_600_000
  return new Date(Math.min(clock.now().getTime(), Math.max(before.getTime() + 60_000, shifted)))
}
