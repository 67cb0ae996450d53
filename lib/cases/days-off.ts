// Days off as staff keep them: read by all of them, changed by supervisors, and each change counts what is open anew at once.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { type Country, countries } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { daysOff, daysOffYears } from '../../db/schema/days-off.ts'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { addDays, dayIn, type IsoDate, PORTAL_ZONE } from '../platform/dates.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { holdDaysOff, recountDueDates } from './deadlines.ts'

/** From the first of November on next year has to be confirmed. */
const DAYS_AHEAD = 61

export type OfYear = { country: Country; year: number }

/** `changes`: how often its days were changed or confirmed. */
type Year = OfYear & {
  days: number
  provisional: number
  changes: number
  confirmedAt: Date | null
  /** First name and first letter of the last one. */
  confirmedBy: string | null
}

/** Every year of which there are days, this year and next year, of each country. */
export async function listYears(now: Date): Promise<Year[]> {
  const { rows } = await database().execute<Omit<Year, 'confirmedAt'> & { confirmedAt: string | null }>(sql`
    select country, year, coalesce(days, 0) as days, coalesce(provisional, 0) as provisional,
      coalesce(changes, 0) as changes, confirmed_at as "confirmedAt",
      (select first_name || ' ' || left(last_name, 1) || '.' from ${accounts} where id = confirmed_by) as "confirmedBy"
    from (
      select country, extract(year from "on")::smallint as year, count(*)::int as days,
        (count(*) filter (where is_provisional))::int as provisional
      from ${daysOff} group by 1, 2) counted
    full join ${daysOffYears} using (country, year)`)
  const known = rows.map(({ confirmedAt, ...row }) => ({
    ...row,
    confirmedAt: confirmedAt === null ? null : new Date(confirmedAt),
  }))
  const thisYear = Number(dayIn(PORTAL_ZONE, now).slice(0, 4))
  const years = new Set([...known.map(({ year }) => year), thisYear, thisYear + 1])
  return countries.flatMap(country =>
    [...years].sort().map(
      year =>
        known.find(one => one.country === country && one.year === year) ?? {
          ...{ country, year, days: 0, provisional: 0, changes: 0 },
          ...{ confirmedAt: null, confirmedBy: null },
        },
    ),
  )
}

/** What supervisors still have to confirm: of their billers' countries, next year from November on, until then this one. */
export function unconfirmedJson(staff: Pick<Staff, 'role' | 'billerIds'>, now: Date): SQL<OfYear[]> {
  const year = Number(addDays(dayIn(PORTAL_ZONE, now), DAYS_AHEAD).slice(0, 4))
  return sql`(select coalesce(json_agg(json_build_object('country', country, 'year', ${year}::int) order by country), '[]') from (
    select distinct country from ${billers} own
    where ${staff.role !== 'agent'} and own.id = any (${sql.param(staff.billerIds)}::smallint[]) and not exists (
      select from ${daysOffYears} known
      where known.country = own.country and known.year = ${year} and known.confirmed_at is not null)) unconfirmed)`
}

/** In whose days off a member of staff has a say. */
export async function listOwnCountries({ billerIds }: Pick<Staff, 'billerIds'>): Promise<Country[]> {
  const rows = await database()
    .selectDistinct({ country: billers.country })
    .from(billers)
    .where(sql`${billers.id} = any (${sql.param(billerIds)}::smallint[])`)
  return rows.map(({ country }) => country)
}

export const listDaysOff = (country: Country, year: number) =>
  database()
    .select({
      on: daysOff.on,
      name: daysOff.name,
      source: daysOff.source,
      isProvisional: daysOff.isProvisional,
    })
    .from(daysOff)
    .where(and(eq(daysOff.country, country), sql`extract(year from ${daysOff.on}) = ${year}`))
    .orderBy(daysOff.on)

/** Of which year a page was, and how many `changes` it `saw`. */
export type Shown = { country: Country; year: number; seen: number }

/** `moved`: the year was changed after the page was shown. Its value: how many open cases are due at another time. */
type Changed<Code extends string = never> = Promise<Result<number, 'notFound' | 'moved' | Code>>

/** Adds a day of the year shown. `taken`: there is one on that day. A provisional one takes the year's confirmation away. */
export const addDayOff = (
  staff: Staff,
  shown: Shown,
  day: { on: IsoDate; name: string; source: string; isProvisional: boolean },
  now: Date,
): Changed<'otherYear' | 'taken'> =>
  changeYear(staff, shown, 'dayOff.added', now, async tx => {
    if (Number(day.on.slice(0, 4)) !== shown.year) return fail('otherYear')
    const by = day.isProvisional ? {} : { confirmedBy: staff.id, confirmedAt: now }
    const added = await tx
      .insert(daysOff)
      .values({ country: shown.country, ...day, ...by })
      .onConflictDoNothing()
      .returning({ on: daysOff.on })
    if (added.length === 0) return fail('taken')
    return ok({ details: day, ...(day.isProvisional && { confirmed: NOT_CONFIRMED }), recounts: true })
  })

/** Says that a provisional day is certain, or takes a day out. */
export const changeDayOff = (
  staff: Staff,
  shown: Shown,
  on: IsoDate,
  change: 'confirm' | 'remove',
  now: Date,
): Changed =>
  changeYear(staff, shown, change === 'confirm' ? 'dayOff.confirmed' : 'dayOff.removed', now, async tx => {
    const which = and(eq(daysOff.country, shown.country), eq(daysOff.on, on))
    const certain = { isProvisional: false, confirmedBy: staff.id, confirmedAt: now }
    const [day] =
      change === 'remove'
        ? await tx.delete(daysOff).where(which).returning()
        : await tx.update(daysOff).set(certain).where(which).returning()
    if (!day) return fail('moved')
    const details = { on, name: day.name, source: day.source }
    return ok({ details, ...(change === 'remove' && { recounts: true as const }) })
  })

/** Says that all days of the year are there and certain, those that were provisional too. */
export const confirmYear = (staff: Staff, shown: Shown, now: Date): Changed<'noDays'> =>
  changeYear(staff, shown, 'daysOff.confirmed', now, async tx => {
    const ofYear = and(
      eq(daysOff.country, shown.country),
      sql`extract(year from ${daysOff.on}) = ${shown.year}`,
    )
    const days = await tx.$count(daysOff, ofYear)
    if (days === 0) return fail('noDays')
    await tx
      .update(daysOff)
      .set({ isProvisional: false, confirmedBy: staff.id, confirmedAt: now })
      .where(and(ofYear, daysOff.isProvisional))
    return ok({ details: { days }, confirmed: { confirmedBy: staff.id, confirmedAt: now } })
  })

/** `confirmed`: what becomes of the year's confirmation; null: it has none any more. `recounts`: there is a day more or less. */
type Change = {
  details: Record<string, string | number | boolean>
  confirmed?: { confirmedBy: string | null; confirmedAt: Date | null }
  recounts?: true
}

const NOT_CONFIRMED = { confirmedBy: null, confirmedAt: null }

/** One transaction: the change, the open cases of the country counted anew, and the line in the audit log. */
async function changeYear<Code extends string>(
  staff: Staff,
  { country, year, seen }: Shown,
  action: string,
  now: Date,
  change: (tx: Transaction) => Promise<Result<Change, Code>>,
): Promise<Result<number, Code | 'notFound' | 'moved'>> {
  if (staff.role === 'agent' || !(await listOwnCountries(staff)).includes(country)) return fail('notFound')
  return database().transaction(async tx => {
    // Nobody else changes any until the end; nothing is written before the page is known to be of now.
    await holdDaysOff(tx)
    const which = and(eq(daysOffYears.country, country), eq(daysOffYears.year, year))
    const [before] = await tx.select({ changes: daysOffYears.changes }).from(daysOffYears).where(which)
    if ((before?.changes ?? 0) !== seen) return fail('moved')
    const changed = await change(tx)
    if (!changed.ok) return changed
    const { details, confirmed, recounts } = changed.value
    const set = { changes: seen + 1, ...confirmed }
    await tx
      .insert(daysOffYears)
      .values({ country, year, ...set })
      .onConflictDoUpdate({ target: [daysOffYears.country, daysOffYears.year], set })
    const moved = recounts ? await recountDueDates(tx, country) : 0
    await recordEvent(tx, {
      accountId: staff.id,
      action,
      details: { country, year, ...details, ...(recounts && { moved }) },
      at: now,
    })
    return okOnce(tx, moved)
  })
}
