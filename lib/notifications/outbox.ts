// The outbox: a message is written with the change that causes it, and a job sends it.
import { desc, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { database } from '../platform/database.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import type { Channel, MessageContent, MessageKind, MessageValues } from './catalogue.ts'
import { MAX_TRIES, type MessageState } from './rules.ts'

/** A job of the queue may also end with its process; the message counts only tries that reached its channel. */
const SPARE_ATTEMPTS = 3

/** Writes a message in the person's language and has it sent. Call it in the transaction of the change. */
export async function sendMessage<Kind extends MessageKind>(
  db: Executor,
  message: {
    kind: Kind
    values: MessageValues[Kind]
    channel: Channel
    to: string
    language: Locale
    accountId?: string
  },
): Promise<void> {
  const t = translator(message.language, 'messages')
  const content: MessageContent = {
    to: message.to,
    ...(message.channel === 'email' && {
      subject: t(`${message.kind}.subject` as 'welcome.subject', message.values as never),
    }),
    text: t(`${message.kind}.${message.channel}` as 'welcome.email', message.values as never),
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
