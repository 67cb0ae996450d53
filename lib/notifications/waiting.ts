// What should have left by now and has not: the one rule by which the health page and the metrics judge a channel.
import { type SQL, sql } from 'drizzle-orm'

/** Messages about something of one's own that a channel, SQL, should have sent; `at`: since when. By the index messages_queued. */
export const dueMessages = (channel: SQL, now: Date): SQL => sql`
  select greatest(m.created_at, m.send_after) as at from messages m
  where m.channel = ${channel} and m.state = 'queued' and m.notice_id is null
    and coalesce(m.send_after, m.created_at) <= ${now.toISOString()}::timestamptz
  order by m.created_at`

/** Notices, which go at a pace and not at night. By the index messages_notices_due. */
export const dueNotices = (channel: SQL, now: Date): SQL => sql`
  select m.send_after as at from messages m
  where m.channel = ${channel} and m.state = 'queued' and m.notice_id is not null
    and m.send_after <= ${now.toISOString()}::timestamptz
  order by m.send_after`
