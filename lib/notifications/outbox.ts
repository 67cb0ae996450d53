// The outbox: a message is written with the change that causes it, and a job sends it.
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import {
  type MessageContent,
  type Notification,
  notifications,
  type OpenMessage,
  openMessages,
} from './catalogue.ts'
import { MAX_TRIES } from './rules.ts'

/** A job of the queue may also end with its process; the message counts only tries that reached its channel. */
const SPARE_ATTEMPTS = 3

/** `accountId`: whose message it is, where it is somebody's already. */
type Recipient = { to: string; language: Locale; accountId?: string }

/**
 * Sends a message that says nothing personal to whatever address or number was typed, in the person's language. Call it in
 * the transaction of the change.
 */
export async function sendMessage(db: Executor, recipient: Recipient, message: OpenMessage): Promise<void> {
  for (const channel of openMessages[message.kind].by) await queueMessage(db, channel, recipient, message)
}

/**
 * Tells an account's owner what happened, in the transaction of the change: to the address and number that the account has
 * now. Nothing goes to an address that is not verified, for whose mailbox that is nobody knows; the phone is verified always.
 * Notices keep to the channels that the customer chose for them, warnings about the account do not ask.
 */
export async function notify(db: Executor, accountId: string, event: Notification): Promise<void> {
  const [account] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNull(accounts.closedAt)))
  if (!account) return
  const { by, asChosen } = notifications[event.kind]
  const ways = {
    email: { to: account.emailVerifiedAt ? account.email : undefined, isChosen: account.notifyByEmail },
    sms: { to: account.phone, isChosen: account.notifyBySms },
  }
  for (const channel of by) {
    const { to, isChosen } = ways[channel]
    if (!to || (asChosen && !isChosen)) continue
    const recipient = { to, language: account.language, accountId }
    await queueMessage(db, channel, recipient, { firstName: account.firstName, ...event })
  }
}

async function queueMessage(
  db: Executor,
  channel: MessageChannel,
  { to, language, accountId }: Recipient,
  { kind, ...values }: { kind: string; firstName?: string; minutes?: number },
): Promise<void> {
  const t = translator(language, 'messages')
  const text = t(`${kind}.${channel}` as 'welcome.email', values as never)
  const subject = () => t(`${kind}.subject` as 'welcome.subject', values as never)
  const content: MessageContent =
    channel === 'sms'
      ? { to, text }
      : { to, subject: subject(), text: `${text}\n\n${await mailFooter(db, language)}` }
  const { minutes } = values
  const usefulUntil = minutes === undefined ? null : sql`now() + make_interval(mins => ${minutes})`
  const [row] = await db
    .insert(messages)
    .values({
      accountId,
      channel,
      kind,
      language,
      sealed: seal(JSON.stringify(content), 'messages'),
      usefulUntil,
    })
    .returning({ id: messages.id })
  const maxAttempts = MAX_TRIES + SPARE_ATTEMPTS
  const urgent = minutes !== undefined
  await enqueue(db, `send-${channel}`, { messageId: row!.id }, { maxAttempts, channel, urgent })
}

/** Nobody reads what is answered to a mail: every one ends with whom to turn to instead. */
async function mailFooter(db: Executor, language: Locale): Promise<string> {
  const rows = await db
    .select({ name: billers.name, phone: billers.contactPhone, email: billers.contactEmail })
    .from(billers)
    .where(sql`coalesce(${billers.contactPhone}, ${billers.contactEmail}) is not null`)
    .orderBy(asc(billers.id))
  const lines = rows.map(({ name, phone, email }) => `${name}: ${[phone, email].filter(Boolean).join(', ')}`)
  const link = `${env().APP_URL}/help#contact`
  return translator(language, 'mail')('footer', { contacts: [...lines, link].join('\n') })
}

/** Undefined where it was erased, or sealed under a secret that is not known any more. */
export function openMessage(sealed: string | null): MessageContent | undefined {
  const text = sealed === null ? undefined : unsealStored(sealed, 'messages')
  return text === undefined ? undefined : JSON.parse(text)
}

/** The newest messages, opened. Only for the demonstration's /outbox page. */
export async function listOutbox(limit: number) {
  const { id, channel, language, state, createdAt, sealed } = messages
  const rows = await database()
    .select({ id, channel, language, state, createdAt, sealed })
    .from(messages)
    .orderBy(desc(createdAt))
    .limit(limit)
  return rows.map(({ sealed, ...row }) => ({ ...row, ...(openMessage(sealed) ?? { to: '', text: '' }) }))
}
