// Writes the messages of notices that were made in sets: by the channels that their readers chose, not before the night is over.
import { inArray, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { messages, noticeItems, notices } from '../../db/schema/notifications.ts'
import { channelsOf, listChoices } from '../notifications/choices.ts'
import { noticeKindOf } from '../notifications/notice-kinds.ts'
import { afterQuiet } from '../notifications/quiet-hours.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { enqueue } from '../platform/jobs.ts'

/** Notices in one transaction: a second of work. */
const BATCH = 1000
/** A run that broke off and was not taken up: its notices wait no longer. */
const RUN_HOURS = 24

/** Every minute: hands over what is ready, and has it sent. */
export async function handOverNotices(db: Database, now: Date): Promise<void> {
  while ((await db.transaction(tx => handOverBatch(tx, now))) === BATCH);
  await sendDue(db, now)
}

/** Has the sending begin of the channels on which something is due. */
export async function sendDue(db: Database, now: Date): Promise<void> {
  const { rows } = await db.execute<{ channel: MessageChannel }>(sql`
    select channel from unnest(array['email', 'sms']) channel where exists (select from messages
      where messages.channel = channel.channel and state = 'queued' and notice_id is not null
        and send_after <= ${now.toISOString()}::timestamptz)`)
  for (const { channel } of rows) {
    const name = `send-notices-${channel}` as const
    await enqueue(db, name, {}, { key: name, queue: name, channel })
  }
}

type Ready = Pick<typeof notices.$inferSelect, 'id' | 'kind' | 'contractId'> & { accountId: string }

async function handOverBatch(tx: Transaction, now: Date): Promise<number> {
  const { rows } = await tx.execute<Ready>(sql`
    select id, account_id as "accountId", kind, contract_id as "contractId" from notices n
    where handed_over_at is null and not exists (select from feed_runs run where run.id = n.feed_run_id
      and run.status = 'running' and n.created_at > ${now.toISOString()}::timestamptz - make_interval(hours => ${RUN_HOURS}))
    order by created_at limit ${BATCH} for update skip locked`)
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  const written = await messagesOf(tx, rows, now)
  // A statement takes 65,535 values.
  for (let first = 0; first < written.length; first += BATCH)
    await tx
      .insert(messages)
      .values(written.slice(first, first + BATCH))
      .onConflictDoNothing()
  await tx.update(notices).set({ handedOverAt: now }).where(inArray(notices.id, ids))
  return rows.length
}

async function messagesOf(
  tx: Transaction,
  ready: Ready[],
  now: Date,
): Promise<(typeof messages.$inferInsert)[]> {
  const accountIds = [...new Set(ready.map(({ accountId }) => accountId))]
  const readers = await tx.select().from(accounts).where(inArray(accounts.id, accountIds))
  const accountOf = new Map(readers.map(account => [account.id, account]))
  const choices = await listChoices(tx, accountIds)
  const items = Map.groupBy(await listContracts(tx, ready), ({ noticeId }) => noticeId)
  return ready.flatMap(({ id, kind, accountId, contractId }) => {
    const account = accountOf.get(accountId)!
    const of = noticeKindOf(kind)!
    const about = items.get(id) ?? [{ contractId, timeZone: PORTAL_ZONE }]
    const chosen = about.map(item => channelsOf(account, choices.get(accountId) ?? [], of, item.contractId))
    const [first] = about
    return channelsTo(account)
      .filter(channel => chosen.some(channels => channels.includes(channel)))
      .map(channel => ({
        accountId,
        contractId: about.length === 1 ? first!.contractId : null,
        channel,
        kind,
        language: account.language,
        noticeId: id,
        sendAfter: afterQuiet(now, first!.timeZone),
        createdAt: now,
      }))
  })
}

/** Where something arrives, as far as is known. */
export const channelsTo = (account: typeof accounts.$inferSelect): MessageChannel[] =>
  account.closedAt
    ? []
    : [
        ...(account.emailVerifiedAt && !account.emailUndeliverableAt ? ['email' as const] : []),
        ...(account.phoneUndeliverableAt ? [] : ['sms' as const]),
      ]

/** The contracts of the notices' items, with the zone of their biller. */
async function listContracts(tx: Transaction, ready: Ready[]) {
  const { noticeId, contractId } = noticeItems
  return tx
    .selectDistinct({ noticeId, contractId, timeZone: billers.timeZone })
    .from(noticeItems)
    .innerJoin(contracts, sql`${contracts.id} = ${contractId}`)
    .innerJoin(billers, sql`${billers.id} = ${contracts.billerId}`)
    .where(
      inArray(
        noticeId,
        ready.map(({ id }) => id),
      ),
    )
}
