// The outbox: a message is written with the change that causes it, and a job sends it.
import { asc, desc, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import type {
  AccountMailValues,
  Channel,
  MessageContent,
  MessageKind,
  OpenMessageValues,
} from './catalogue.ts'
import { MAX_TRIES, type MessageState } from './rules.ts'

/** A job of the queue may also end with its process; the message counts only tries that reached its channel. */
const SPARE_ATTEMPTS = 3

type Message<Values, Kind extends keyof Values> = {
  kind: Kind
  values: Values[Kind]
  channel: Channel
  to: string
  language: Locale
  accountId?: string
}

/**
 * Sends a message that says nothing personal to whatever address or number was typed, in the person's language. Call it in
 * the transaction of the change.
 */
export const sendMessage = <Kind extends keyof OpenMessageValues>(
  db: Executor,
  message: Message<OpenMessageValues, Kind>,
): Promise<void> => queueMessage(db, message)

/** Of an account, what an e-mail to it needs; without `id` the message is not kept as the account's. */
export type Reader = Pick<typeof accounts.$inferSelect, 'email' | 'emailVerifiedAt' | 'language'> & {
  id?: string
}

/**
 * Sends an e-mail to an account, in the transaction of the change. Nothing where its address is not verified: whose
 * mailbox that is nobody knows.
 */
export async function mailAccount<Kind extends keyof AccountMailValues>(
  db: Executor,
  { id: accountId, email: to, emailVerifiedAt, language }: Reader,
  kind: Kind,
  values: AccountMailValues[Kind],
): Promise<void> {
  if (!emailVerifiedAt) return
  await queueMessage(db, { kind, values, channel: 'email', to, language: language as Locale, accountId })
}

async function queueMessage(
  db: Executor,
  message: Omit<Message<Record<MessageKind, object>, MessageKind>, 'values'> & { values: object },
): Promise<void> {
  const t = translator(message.language, 'messages')
  const text = t(`${message.kind}.${message.channel}` as 'welcome.email', message.values as never)
  const content: MessageContent =
    message.channel === 'sms'
      ? { to: message.to, text }
      : {
          to: message.to,
          subject: t(`${message.kind}.subject` as 'welcome.subject', message.values as never),
          text: `${text}\n\n${await mailFooter(db, message.language)}`,
        }
  const { minutes } = message.values as { minutes?: number }
  const [row] = await db
    .insert(messages)
    .values({
      accountId: message.accountId ?? null,
      channel: message.channel,
      kind: message.kind,
      language: message.language,
      sealed: seal(JSON.stringify(content), 'messages'),
      ...(minutes !== undefined && { usefulUntil: sql`now() + make_interval(mins => ${minutes})` }),
    })
    .returning({ id: messages.id })
  const maxAttempts = MAX_TRIES + SPARE_ATTEMPTS
  const { channel } = message
  await enqueue(
    db,
    `send-${channel}`,
    { messageId: row!.id },
    { maxAttempts, channel, urgent: minutes !== undefined },
  )
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
  const rows = await database()
    .select({
      id: messages.id,
      channel: sql<Channel>`${messages.channel}`,
      language: sql<Locale>`${messages.language}`,
      state: sql<MessageState>`${messages.state}`,
      createdAt: messages.createdAt,
      sealed: messages.sealed,
    })
    .from(messages)
    .orderBy(desc(messages.createdAt))
    .limit(limit)
  return rows.map(({ sealed, ...row }) => ({ ...row, ...(openMessage(sealed) ?? { to: '', text: '' }) }))
}
