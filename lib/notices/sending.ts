// Sends the messages of notices: some at a time, worded as they leave, at the pace of the settings.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { messages, notices } from '../../db/schema/notifications.ts'
import type { MessageContent, NoticeValues } from '../notifications/catalogue.ts'
import { channelsOf, listChoices } from '../notifications/choices.ts'
import { settleMessage } from '../notifications/commands.ts'
import { sendSms } from '../notifications/infobip.ts'
import { noticeKindOf } from '../notifications/notice-kinds.ts'
import { pauseChannel } from '../notifications/pauses.ts'
import { afterQuiet } from '../notifications/quiet-hours.ts'
import { isChannelDown, MAX_TRIES, type Outcome } from '../notifications/rules.ts'
import { sendMail } from '../notifications/smtp.ts'
import { clock } from '../platform/clock.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { log } from '../platform/log.ts'
import { seal } from '../platform/seal.ts'
import { channelsTo } from './handing-over.ts'
import { messageOf } from './message.ts'
import { listWhatIsDue, withItems } from './queries.ts'
import type { Notice } from './schema.ts'
import { stillTrue } from './still-true.ts'

/** Batches in a minute: with the one that hand-over-notices may have begin early they keep to the pace. */
const BATCHES = 6
const MOST = 100
const AT_ONCE = 4
/** So long batches are sent, for a process that is to stop waits; what is left then is put back. */
const BATCH_MS = 30_000
/** Whoever took messages and has not settled them by then is dead: others take them. */
const leaseMs = () => BATCH_MS + 2000 * env().MESSAGE_TIMEOUT_SECONDS
/** Of one notice. */
const MOST_ITEMS = 1000

type Message = typeof messages.$inferSelect
type Worded =
  | { message: Message; content: MessageContent }
  | { message: Message; until: Date }
  | { message: Message }

/**
 * Sends a batch after the other for a while, each as soon as the pace allows, and queues the next. A message is taken for a few
 * minutes, and settled as soon as it has left: a process that ends between leaves it to be sent again under the same id, and no other
 * is touched.
 */
export async function sendNotices(db: Database, channel: MessageChannel): Promise<void> {
  const { NOTICE_EMAILS_PER_MINUTE, NOTICE_SMS_PER_MINUTE } = env()
  const perMinute = channel === 'email' ? NOTICE_EMAILS_PER_MINUTE : NOTICE_SMS_PER_MINUTE
  const size = Math.min(MOST, Math.max(1, Math.floor(perMinute / (BATCHES + 1))))
  const paceMs = (size / perMinute) * 60_000
  const until = clock.now().getTime() + BATCH_MS
  for (;;) {
    const began = clock.now()
    const { taken, isDown } = await sendBatch(db, channel, size, began)
    if (taken === 0) return
    if (isDown) await pauseChannel(db, channel)
    const runAt = new Date(began.getTime() + paceMs)
    const now = clock.now()
    if (!isDown && runAt <= now && now.getTime() < until) continue
    const name = `send-notices-${channel}` as const
    return enqueue(db, name, {}, { key: name, queue: name, channel, runAt })
  }
}

async function sendBatch(db: Database, channel: MessageChannel, size: number, began: Date) {
  const batch = await take(db, channel, size, began)
  const waiting = await wordAll(db, channel, batch, began)
  const isOver = () => clock.now().getTime() - began.getTime() > BATCH_MS
  let isDown = false
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (isDown || isOver()) await putBack(db, next.message)
      else if (await settle(db, next)) isDown = true
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { taken: batch.length, isDown }
}

/** Takes the messages that wait longest; what another process takes at the same time is left out. */
async function take(db: Database, channel: MessageChannel, size: number, now: Date): Promise<Message[]> {
  const due = sql`select id from messages where channel = ${channel} and state = 'queued' and notice_id is not null
    and send_after <= ${now.toISOString()}::timestamptz order by send_after limit ${size} for update skip locked`
  return db
    .update(messages)
    .set({
      tries: sql`${messages.tries} + 1`,
      sendAfter: new Date(now.getTime() + leaseMs()),
      language: sql`(select reader.language from accounts reader where reader.id = ${messages.accountId})`,
    })
    .where(sql`${messages.id} = any (array(${due}))`)
    .returning()
}

/** What each is to say now; of those that have nothing to say the message alone. */
async function wordAll(
  db: Database,
  channel: MessageChannel,
  taken: Message[],
  now: Date,
): Promise<Worded[]> {
  if (taken.length === 0) return []
  const noticeIds = taken.map(({ noticeId }) => noticeId!)
  const rows = await db.select().from(notices).where(inArray(notices.id, noticeIds))
  const accountIds = [...new Set(rows.map(({ accountId }) => accountId))]
  const readers = await db.select().from(accounts).where(inArray(accounts.id, accountIds))
  const choices = await listChoices(db, accountIds)
  const told = await withItems(
    db,
    accountIds,
    rows.map(row => ({ ...row, values: row.values as NoticeValues })),
    now,
    MOST_ITEMS,
  )
  const lists = rows.filter(({ kind }) => kind === 'statement')
  const due = await listWhatIsDue(db, new Map(lists.map(({ id, accountId }) => [accountId, id])), now)
  const worded: Worded[] = []
  for (const message of taken) {
    const row = rows.find(({ id }) => id === message.noticeId)
    // It went with its account, and its messages with it.
    if (!row) continue
    const account = readers.find(({ id }) => id === row.accountId)!
    const kind = noticeKindOf(row.kind)!
    const known = told.find(({ id }) => id === row.id)!
    const notice: Notice =
      row.kind === 'statement' ? { ...known, items: due.filter(item => item.noticeId === row.id) } : known
    const wanted = notice.items.filter(({ contract }) => {
      const contractId = row.kind === 'statement' ? null : contract.id
      return channelsOf(account, choices.get(account.id) ?? [], kind, contractId).includes(channel)
    })
    const saying = stillTrue({ ...notice, items: wanted }, now)
    const until = afterQuiet(now, saying.items[0]?.contract.biller.timeZone ?? PORTAL_ZONE)
    if (!channelsTo(account).includes(channel) || saying.items.length === 0) worded.push({ message })
    else if (until > now) worded.push({ message, until })
    else worded.push({ message, content: await messageOf(db, channel, account, saying) })
  }
  return worded
}

const isQueued = ({ id }: Message) => and(eq(messages.id, id), eq(messages.state, 'queued'))

/** Not tried after all. */
const putBack = (db: Database, message: Message, until: Date = clock.now()) =>
  db
    .update(messages)
    .set({ tries: sql`${messages.tries} - 1`, sendAfter: until })
    .where(isQueued(message))

/** Sends one, and writes down what became of it; whether the channel takes nothing now. */
async function settle(db: Database, worded: Worded): Promise<boolean> {
  const { message } = worded
  if ('until' in worded) await putBack(db, message, worded.until)
  else if ('content' in worded) return settleTry(db, message, worded.content)
  else await db.update(messages).set({ state: 'dropped' }).where(isQueued(message))
  return false
}

async function settleTry(db: Database, message: Message, content: MessageContent): Promise<boolean> {
  const { id, language, createdAt, channel, tries } = message
  const outcome = await send(db, channel, { ...content, id, language, createdAt })
  const isDown = outcome.state === 'again' && isChannelDown(outcome.failure)
  if (outcome.state === 'again' && tries < MAX_TRIES) {
    const pauseMs = Math.min(Math.exp(tries), 6 * 3600) * 1000
    await db
      .update(messages)
      .set({ failure: outcome.failure, sendAfter: new Date(clock.now().getTime() + pauseMs) })
      .where(isQueued(message))
    return isDown
  }
  const end: Outcome = outcome.state === 'again' ? { ...outcome, state: 'failed' } : outcome
  if (end.state === 'failed')
    log.error({ messageId: id, failure: end.failure }, 'a message could not be sent')
  await settleMessage(db, id, end, clock.now())
  return isDown
}

/** In the demonstration no message leaves the portal: /outbox shows it. */
async function send(
  db: Database,
  channel: MessageChannel,
  delivery: Parameters<typeof sendMail>[0],
): Promise<Outcome> {
  if (!env().DEMO) return channel === 'sms' ? sendSms(delivery) : sendMail(delivery)
  const { id, language, createdAt, ...content } = delivery
  await db
    .update(messages)
    .set({ sealed: seal(JSON.stringify(content), 'messages') })
    .where(eq(messages.id, id))
  return { state: 'sent' }
}
