// What members of staff are told of when they arrive, in one statement: their billers, payments that wait for them, days off to confirm,
// jobs that failed, and who of these billers' staff opened very many customers.
import { sql } from 'drizzle-orm'
import { alarmSubject, LOOKS_ALARM } from '../auth/look-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { type OfYear, unconfirmedJson } from '../cases/days-off.ts'
import { countAttention } from '../payment-desk/scope.ts'
import { database } from '../platform/database.ts'
import { isGivenUp } from '../platform/jobs.ts'

/** `name`: first name and first letter of the last one. More than `looks` in so many `hours`. */
export type Alarm = { staffId: string; name: string; at: Date; looks: number; hours: number }

const SHOWN_HOURS = 24

const failedJobs = sql`(select count(*)::int from graphile_worker.jobs
  where ${isGivenUp})`

/** `billers`: their names. `exceptions`: how many payments need their attention. `failedJobs`: for administrators, else null. */
type StaffHome = {
  billers: string[]
  exceptions: number
  failedJobs: number | null
  unconfirmed: OfYear[]
  alarms: Alarm[]
}

/** Years to confirm and alarms, of the last day, are for supervisors and administrators. */
export async function getStaffHome(staff: Pick<Staff, 'role' | 'billerIds'>, now: Date): Promise<StaffHome> {
  const since = new Date(now.getTime() - SHOWN_HOURS * 3_600_000).toISOString()
  const mine = sql`${sql.param(staff.billerIds)}::smallint[]`
  // Whoever works for two of the billers is told of once.
  const { rows } = await database().execute<
    Omit<StaffHome, 'alarms'> & { alarms: (Omit<Alarm, 'at'> & { at: string })[] }
  >(sql`
    select (select coalesce(json_agg(name order by id), '[]') from billers where id = any (${mine})) as billers,
      ${countAttention(staff, now)} as exceptions,
      ${staff.role === 'administrator' ? failedJobs : sql`null`} as "failedJobs", ${unconfirmedJson(staff, now)} as unconfirmed,
      (select coalesce(json_agg(json_build_object('staffId', s.id, 'name', s.first_name || ' ' || left(s.last_name, 1) || '.',
          'at', alarm.at, 'looks', alarm.looks, 'hours', alarm.hours) order by alarm.at desc), '[]')
        from accounts s cross join lateral (
          select at, (details ->> 'looks')::int as looks, (details ->> 'hours')::int as hours from audit_events
          where subject = ${alarmSubject('')} || s.id and action = ${LOOKS_ALARM} and at > ${since}::timestamptz order by id desc limit 2) alarm
        where ${staff.role !== 'agent'} and s.id in (select account_id from staff_billers where biller_id = any (${mine}))) as alarms`)
  const { alarms, ...home } = rows[0]!
  return { ...home, alarms: alarms.map(alarm => ({ ...alarm, at: new Date(alarm.at) })) }
}
