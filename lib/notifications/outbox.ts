// The outbox: a message is written with the change that causes it, and a job sends it.
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
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
import { type Mail, mailHtml, mailText } from './mail.ts'
import { MAX_TRIES } from './rules.ts'

/** A job of the queue may also end with its process; the message counts only tries that reached its channel. */
const SPARE_ATTEMPTS = 3

/** The contract that a message is about, and the move of a case that it tells of. */
type About = Pick<typeof messages.$inferInsert, 'contractId' | 'caseId' | 'caseMove'>
/** `accountId`: whose message it is, where it is somebody's already. */
type Recipient = { to: string; language: Locale; accountId?: string; about?: About }

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
export async function notify(
  db: Executor,
  accountId: string,
  event: Notification,
  about?: About,
): Promise<void> {
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
    const recipient = { to, language: account.language, accountId, about }
    await queueMessage(db, channel, recipient, { firstName: account.firstName, ...event })
  }
}

/** What texts are made of. Some of it is also shown by itself in an e-mail: a figure, whom it is about, where its button leads. */
type Values = {
  firstName?: string
  minutes?: number
  code?: string
  amount?: string
  biller?: string
  link?: string
  facts?: Mail['facts']
}

async function queueMessage(
  db: Executor,
  channel: MessageChannel,
  { to, language, accountId, about }: Recipient,
  { kind, ...values }: { kind: string } & Values,
): Promise<void> {
  const t = translator(language, 'messages')
  const content: MessageContent =
    channel === 'sms'
      ? { to, text: t(`${kind}.sms` as 'reset-code.sms', values as never) }
      : { to, ...(await mailOf(db, { language, accountId }, kind, values)) }
  const { minutes } = values
  const usefulUntil = minutes === undefined ? null : sql`now() + make_interval(mins => ${minutes})`
  const [row] = await db
    .insert(messages)
    .values({
      accountId,
      ...about,
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

async function mailOf(
  db: Executor,
  { language, accountId }: Omit<Recipient, 'to'>,
  kind: string,
  values: Values,
): Promise<Omit<MessageContent, 'to'>> {
  const t = translator(language, 'messages')
  const say = (part: string) => t(`${kind}.${part}` as 'welcome.email', values as never)
  const about = translator(language, 'mail')
  const { biller, link } = values
  const mail: Mail = {
    language,
    subject: say('subject'),
    from: biller === undefined ? { name: 'Drita' } : { name: biller, beside: about('beside') },
    figure: values.amount ?? values.code,
    below: t.has(`${kind}.below` as 'welcome.email') ? say('below') : undefined,
    body: say('email').split('\n\n'),
    action: link === undefined ? undefined : { label: say('action'), href: link },
    facts: values.facts ?? [],
    footer: {
      text: about('footer'),
      contacts: await listContacts(db, biller, accountId),
      links: [
        { label: about('help'), href: `${env().APP_URL}/help#contact` },
        ...(isAsChosen(kind) ? [{ label: about('notices'), href: `${env().APP_URL}/account` }] : []),
      ],
    },
  }
  return { subject: mail.subject, text: mailText(mail), html: mailHtml(mail) }
}

const isAsChosen = (kind: string): boolean =>
  kind in notifications && notifications[kind as keyof typeof notifications].asChosen === true

/**
 * Nobody reads what is answered to a mail: every one ends with whom to turn to instead, the biller it is about, else those of the
 * account, and all of them where it is nobody's yet.
 */
async function listContacts(
  db: Executor,
  biller: string | undefined,
  accountId: string | undefined,
): Promise<string[]> {
  const ofAccount = sql`exists (select from ${contractAccess} join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
    where ${contractAccess.accountId} = ${accountId} and ${contracts.billerId} = ${billers.id})`
  const rows = await db
    .select({ name: billers.name, phone: billers.contactPhone, email: billers.contactEmail })
    .from(billers)
    .where(
      and(
        sql`coalesce(${billers.contactPhone}, ${billers.contactEmail}) is not null`,
        biller !== undefined ? eq(billers.name, biller) : accountId === undefined ? undefined : ofAccount,
      ),
    )
    .orderBy(asc(billers.id))
  return rows.map(({ name, phone, email }) => `${name}: ${[phone, email].filter(Boolean).join(', ')}`)
}

/** Undefined where it was erased, or sealed under a secret that is not known any more. */
export function openMessage(sealed: string | null): MessageContent | undefined {
  const text = sealed === null ? undefined : unsealStored(sealed, 'messages')
  return text === undefined ? undefined : JSON.parse(text)
}

/** An e-mail as it looks; undefined where there is none of that id. Only for the demonstration's /outbox. */
export async function getMailHtml(id: string): Promise<string | undefined> {
  const [row] = await database().select({ sealed: messages.sealed }).from(messages).where(eq(messages.id, id))
  return openMessage(row?.sealed ?? null)?.html
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
