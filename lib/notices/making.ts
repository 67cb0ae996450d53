// Makes notices in sets: one for an account, with an item for each thing that it was not told of before.
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { MadeNoticeKind } from '../notifications/catalogue.ts'

/** A first load, and what comes late, tells of nothing that is older. */
export const NEWS_DAYS = 45

/** What an item is about: which of its columns names it; a contract has one anyhow. */
type Subject = 'invoice' | 'payment' | 'disconnection' | 'outage' | 'contract'

export type News = {
  kind: MadeNoticeKind
  /** One notice an account: what makes it one. */
  key: string
  subject: Subject
  /** Rows of account_id, contract_id, subject_id: whom to tell of what. */
  whom: SQL
  feedRunId?: number
  /** Where a subject may be told of again and again: what tells one time from another, made of the columns of `whom`. */
  time?: SQL
  createdAt: Date
}

/**
 * Tells those who were not told yet, in one statement; returns of how many things. Who was told is not told again, whatever the key. What
 * comes after an account's notice was handed over, as of a run that was taken up late, is another one of that day.
 */
export async function tell(db: Pick<Executor, 'execute'>, news: News): Promise<number> {
  const { kind, key, subject, whom, feedRunId, time, createdAt } = news
  const event = sql`${`${kind}:`}::text || subject_id ${time === undefined ? sql`` : sql`|| ':' || (${time})`}`
  const [column, id] =
    subject === 'contract' ? [sql``, sql``] : [sql`, ${sql.identifier(`${subject}_id`)}`, sql`, subject_id`]
  const { rowCount } = await db.execute(sql`
    with fresh as materialized (
      select distinct on (account_id, subject_id, contract_id) account_id, contract_id, subject_id, event
      from (select whom.*, ${event}
          || case when ${subject === 'outage'} then ':' || contract_id else '' end as event from (${whom}) whom) told
      where not exists (select from notice_items i where i.account_id = told.account_id and i.event = told.event)),
    made as (
      insert into notices (account_id, kind, key, feed_run_id, created_at)
      select distinct account_id, ${kind}, ${key} || case when exists (select from notices former
          where former.account_id = fresh.account_id and former.key = ${key} and former.handed_over_at is not null)
        then ${`:${createdAt.toISOString().slice(0, 10)}`} else '' end,
        ${feedRunId ?? null}::bigint, ${createdAt.toISOString()}::timestamptz from fresh
      on conflict (account_id, key) do update set key = excluded.key
      returning id, account_id)
    insert into notice_items (account_id, event, notice_id, contract_id${column})
    select account_id, event, made.id, contract_id${id} from fresh join made using (account_id)
    on conflict do nothing`)
  return rowCount ?? 0
}
