// What customers do with the notices in their inbox.
import { and, eq, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { notices } from '../../db/schema/notifications.ts'
import { okOnce } from '../forms/answers.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { readId } from '../platform/typed.ts'

type Who = { id: string }

/** From an address or a form; undefined where it is none. */
export const parseNoticeId = readId

/** What is done with those that were chosen. */
export const noticeIntents = ['read', 'archive', 'restore'] as const
export type NoticeIntent = (typeof noticeIntents)[number]

/** What is archived was read; what comes back was, too. */
const changes = (now: Date): Record<NoticeIntent, Record<string, SQL | null>> => {
  const at = sql`${now.toISOString()}::timestamptz`
  const readAt = sql`coalesce(${notices.readAt}, ${at})`
  return {
    read: { readAt },
    archive: { readAt, archivedAt: sql`coalesce(${notices.archivedAt}, ${at})` },
    restore: { archivedAt: null },
  }
}

/** Marks notices of the customer's as read, puts them into the archive or takes them out of it. `notFound`: none of them is theirs. */
export const changeNotices = (
  { id }: Who,
  ids: string[],
  intent: NoticeIntent,
  now: Date,
): Promise<Result<undefined, 'notFound'>> =>
  database().transaction(async tx => {
    const known = ids.filter(one => parseNoticeId(one) !== undefined)
    const changed = await tx
      .update(notices)
      .set(changes(now)[intent])
      .where(and(eq(notices.accountId, id), inArray(notices.id, known)))
      .returning({ id: notices.id })
    return changed.length > 0 ? okOnce(tx, undefined) : fail('notFound')
  })

/** Marks all notices of the inbox as read that had come by `until`: the reader has not seen any later one. */
export const readAllNotices = ({ id }: Who, until: Date, now: Date): Promise<Result<undefined, never>> =>
  database().transaction(async tx => {
    await tx
      .update(notices)
      .set({ readAt: now })
      .where(
        and(
          eq(notices.accountId, id),
          isNull(notices.readAt),
          isNull(notices.archivedAt),
          lte(notices.createdAt, until),
        ),
      )
    return okOnce(tx, undefined)
  })
