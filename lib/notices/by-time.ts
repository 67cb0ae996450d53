// Reminders, and the monthly list of what is due: made in the morning, for a batch of accounts after the other.
import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { hasAccess, inOwnTime, invoiceBegins } from '../contracts/access.ts'
import { addDays, dayIn, hourIn, type IsoDate, PORTAL_ZONE } from '../platform/dates.ts'
import { NEWS_DAYS, tell } from './making.ts'

/** From this hour on it is morning. */
const MORNING = 8
/** So many days before an invoice is due its customer is reminded; an invoice that is younger speaks for itself. */
const DAYS_BEFORE = 3
/** First key of the advisory locks under which reminders are made; the second is the biller's id. */
const REMINDERS_LOCK = 7_274_823
/** So many days a list is made up for where nothing ran on its day. */
const CATCH_UP_DAYS = 3
/** Accounts at once: a statement of a second at most. */
const BATCH = 2000

type Batch = { db: Database; from: string; to: string; now: Date }
/** A biller where it is morning, with the day it is there. */
type Morning = { id: number; today: IsoDate; remindFrom: number }

/**
 * Makes what is due by now, and was not made yet: it may run at any hour, twice, and go on where another run broke off. An account's
 * reminders of a day are made whole or not at all.
 */
export async function makeReminders(db: Database, now: Date): Promise<void> {
  const all = await db
    .select({ id: billers.id, timeZone: billers.timeZone, remindFrom: billers.remindFrom })
    .from(billers)
  const mornings = all
    .filter(({ timeZone }) => hourIn(timeZone, now) >= MORNING)
    .map(({ timeZone, ...biller }) => ({ ...biller, today: dayIn(timeZone, now) }))
  for (let from = ''; ; ) {
    const { rows } = await db.execute<{ to: string | null }>(sql`select max(id::text) as to from (
      select id from accounts where ${from === '' ? sql`true` : sql`id > ${from}::uuid`} order by id limit ${BATCH}) batch`)
    const to = rows[0]?.to
    if (!to) return
    const batch = { db, from, to, now }
    for (const morning of mornings) await remind(batch, morning)
    if (hourIn(PORTAL_ZONE, now) >= MORNING) await listWhatIsDue(batch)
    from = to
  }
}

const inBatch = ({ from, to }: Batch, id: unknown) =>
  from === '' ? sql`${id} <= ${to}::uuid` : sql`${id} > ${from}::uuid and ${id} <= ${to}::uuid`

async function remind(batch: Batch, { id, today, remindFrom }: Morning): Promise<void> {
  const { db, now } = batch
  const day = sql`${today}::date`
  const whom = (
    isDue: SQL,
  ) => sql`select ${contractAccess.accountId}, ${contractAccess.contractId}, i.id as subject_id, i.due_on
    from ${contractAccess} join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
      join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
      join invoices i on i.contract_id = ${contracts.id} and i.unpaid > 0 and i.cancelled_on is null
    where ${inBatch(batch, contractAccess.accountId)} and ${hasAccess} and ${accounts.closedAt} is null
      and ${contracts.billerId} = ${id} and i.unpaid >= ${remindFrom} and ${isDue}
      and ${inOwnTime(invoiceBegins('i'))}`
  const tellOf = (kind: 'due-soon' | 'overdue', isDue: SQL) =>
    db.transaction(async tx => {
      // Whoever comes second finds what the first has told: else its notices would tell of nothing.
      await tx.execute(sql`select pg_advisory_xact_lock(${REMINDERS_LOCK}, ${id})`)
      await tell(tx, {
        kind,
        key: `${kind}:${id}:${now.toISOString()}`,
        subject: 'invoice',
        whom: whom(isDue),
        // Another due date is another one to be reminded of.
        time: sql`due_on`,
        createdAt: now,
      })
    })
  await tellOf(
    'due-soon',
    sql`i.due_on between ${day} + 1 and ${day} + ${DAYS_BEFORE}::integer and i.issued_on < ${day} - ${DAYS_BEFORE}::integer`,
  )
  // Whoever added the contract when an invoice was overdue already sees it on home.
  await tellOf(
    'overdue',
    sql`i.due_on between ${day} - ${NEWS_DAYS}::integer and ${day} - 1 and ${contractAccess.addedAt} < i.due_on + 1`,
  )
}

/** For those who named this day of the month, and have something to pay; once a month, whatever other day they name later. */
async function listWhatIsDue(batch: Batch): Promise<void> {
  const today = dayIn(PORTAL_ZONE, batch.now)
  await listOf(batch, today, sql`true`)
  for (let back = 1; back <= CATCH_UP_DAYS; back++) {
    const day = addDays(today, -back)
    // Whoever named the day after it had passed waits for the next month.
    const chosenBefore = sql`not exists (select from notice_choices c where c.account_id = a.id and c.kind = 'statement'
      and c.contract_id is null and (c.chosen_at at time zone ${PORTAL_ZONE})::date >= ${day}::date)`
    await listOf(batch, day, chosenBefore)
  }
}

async function listOf(batch: Batch, day: IsoDate, where: SQL): Promise<void> {
  await batch.db.execute(sql`insert into notices (account_id, kind, key, created_at)
    select a.id, 'statement', ${`statement:${day.slice(0, 7)}`}, ${batch.now.toISOString()}::timestamptz from accounts a
    where ${inBatch(batch, sql`a.id`)} and a.statement_day = ${Number(day.slice(8))} and a.closed_at is null and ${where}
      and exists (select from ${contractAccess} join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
          join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
          join invoices i on i.contract_id = ${contracts.id}
        where ${contractAccess.accountId} = a.id and ${hasAccess} and i.unpaid > 0 and i.cancelled_on is null
          and ${inOwnTime(invoiceBegins('i'))})
    on conflict (account_id, key) do nothing`)
}
