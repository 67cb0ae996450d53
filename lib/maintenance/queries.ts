// Whether the portal is being worked on: as each process knows it for its pages, and as it is, for what moves money.
import { and, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { maintenance } from '../../db/schema/maintenance.ts'
import { database } from '../platform/database.ts'
import { errorFacts, log } from '../platform/log.ts'
import { isTold, stateOf } from './rules.ts'
import type { Maintenance } from './schema.ts'

/** A process reads it so often, whoever set it: all know within ten seconds, and no page asks. */
const READ_MS = 5_000

// On globalThis: the framework loads this module once per bundle.
const known = globalThis as typeof globalThis & { dritaMaintenance?: Maintenance }

/** Reads it now, and for as long as the process serves. Where it cannot be read, what was known stays. Returns what ends it. */
export async function followMaintenance(): Promise<() => void> {
  await learnMaintenance()
  const timer = setInterval(
    () => learnMaintenance().catch(error => log.warn(errorFacts(error), 'maintenance could not be read')),
    READ_MS,
  )
  timer.unref()
  return () => clearInterval(timer)
}

/** Has this process know what is true now. */
export async function learnMaintenance(): Promise<void> {
  const [row] = await database()
    .select({ startsAt: maintenance.startsAt, endsAt: maintenance.endsAt })
    .from(maintenance)
  known.dritaMaintenance = row
}

/** What this process' pages tell of, and whether it has begun; undefined: nothing. */
export function toldMaintenance(now: Date): (Maintenance & { isOn: boolean }) | undefined {
  const current = known.dritaMaintenance
  return current && isTold(current, now) ? { ...current, isOn: stateOf(current, now) === 'on' } : undefined
}

/** Until when this process' pages say that nobody can pay; undefined: payments are not stopped. */
export function toldStopped(now: Date): Date | undefined {
  const told = toldMaintenance(now)
  return told?.isOn ? told.endsAt : undefined
}

const isOn = (now: Date) => and(lte(maintenance.startsAt, now), gt(maintenance.endsAt, now))

/** Until when payments are stopped, asked of the database: whatever a process knows, none slips through. */
export async function stoppedUntil(db: Executor, now: Date): Promise<Date | undefined> {
  const [row] = await db.select({ endsAt: maintenance.endsAt }).from(maintenance).where(isOn(now))
  return row?.endsAt
}

/** The same as a condition of a statement. */
export const isStopped = (now: Date): SQL<boolean> =>
  sql<boolean>`exists (select from ${maintenance} where ${isOn(now)})`

/** `setBy`: first name and first letter of the last one; null: whoever it was is gone. */
export type SetMaintenance = Maintenance & { setAt: Date; setBy: string | null }

/** What was set last, for the page that sets it; also what is over. */
export async function getMaintenance(): Promise<SetMaintenance | undefined> {
  const [row] = await database()
    .select({
      startsAt: maintenance.startsAt,
      endsAt: maintenance.endsAt,
      setAt: maintenance.setAt,
      setBy: sql<string | null>`${accounts.firstName} || ' ' || left(${accounts.lastName}, 1) || '.'`,
    })
    .from(maintenance)
    .leftJoin(accounts, eq(accounts.id, maintenance.setBy))
  return row
}
