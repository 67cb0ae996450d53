// Announces, begins, extends and ends maintenance.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { maintenance } from '../../db/schema/maintenance.ts'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { fail, type Result } from '../platform/result.ts'
import type { maintenanceForm } from './forms.ts'
import { learnMaintenance } from './queries.ts'
import { instantOf, stateOf, type TimesFault, timesFault } from './rules.ts'

type Row = typeof maintenance.$inferSelect

/** What a page saw: a colleague may have set another since. */
export const seenOf = (row: Pick<Row, 'setAt'> | undefined): string => row?.setAt.toISOString() ?? 'none'

/**
 * Sets when the portal is worked on, by the clock of the staff. One that has begun keeps its start. `moved`: it is another than the one
 * that was seen.
 */
export async function setMaintenance(
  staff: Pick<Staff, 'id'>,
  seen: string,
  typed: Omit<Input<typeof maintenanceForm>, 'sure'>,
  now: Date,
): Promise<Result<undefined, TimesFault | 'moved'>> {
  const result = await database().transaction(async tx => {
    const row = await lockRow(tx)
    if (seenOf(row) !== seen) return fail('moved')
    const begun = row && stateOf(row, now) === 'on' ? row.startsAt : undefined
    const isNow = begun !== undefined || typed.begins === 'now'
    if (!isNow && typed.begins === undefined) return fail('moved')
    const times = {
      startsAt: begun ?? (isNow ? now : instantOf(PORTAL_ZONE, typed.day!, typed.time!)),
      endsAt: instantOf(PORTAL_ZONE, typed.untilDay, typed.untilTime),
    }
    const fault = timesFault(times, isNow, now)
    if (fault) return fail(fault)
    const values = { ...times, setBy: staff.id, setAt: now }
    const written = row
      ? await tx.update(maintenance).set(values).where(eq(maintenance.id, row.id)).returning()
      : // Of two at once about the first, one.
        await tx.insert(maintenance).values(values).onConflictDoNothing().returning()
    if (written.length === 0) return fail('moved')
    await record(tx, staff, 'maintenance.set', times, now)
    return okOnce(tx, undefined)
  })
  if (result.ok) await learnMaintenance()
  return result
}

/** Ends it now, or takes back what was announced. `moved`: as above. */
export async function endMaintenance(
  staff: Pick<Staff, 'id'>,
  seen: string,
  now: Date,
): Promise<Result<undefined, 'moved'>> {
  const result = await database().transaction(async tx => {
    const row = await lockRow(tx)
    if (!row || seenOf(row) !== seen) return fail('moved')
    await tx.delete(maintenance).where(eq(maintenance.id, row.id))
    await record(tx, staff, 'maintenance.ended', row, now)
    return okOnce(tx, undefined)
  })
  if (result.ok) await learnMaintenance()
  return result
}

async function lockRow(tx: Transaction): Promise<Row | undefined> {
  const [row] = await tx.select().from(maintenance).for('update')
  return row
}

const record = (
  tx: Transaction,
  staff: Pick<Staff, 'id'>,
  action: 'maintenance.set' | 'maintenance.ended',
  { startsAt, endsAt }: Pick<Row, 'startsAt' | 'endsAt'>,
  now: Date,
) =>
  recordEvent(tx, {
    accountId: staff.id,
    action,
    details: { from: startsAt.toISOString(), until: endsAt.toISOString() },
    at: now,
  })
