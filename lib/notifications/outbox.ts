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
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import {
  type MessageContent,
  type NoticeValues,
  type Notification,
  notifications,
  type OpenMessage,
  openMessages,
} from './catalogue.ts'
import { channelsOf, listChoices } from './choices.ts'
import { type Mail, mailHtml, mailText } from './mail.ts'
import { noticeKindOf, noticeKinds } from './notice-kinds.ts'
import { keepNotice, valuesOf } from './notices.ts'
import { plainLetters } from './plain-letters.ts'
import { afterQuiet } from './quiet-hours.ts'
import { MAX_TRIES } from './rules.ts'
import { unsubscribeLink } from './unsubscribing.ts'

/** A job of the queue may also end with its process; the message counts only tries that reached its channel. */
export const SPARE_ATTEMPTS = 3

/** The contract that a message is about, and the move of a case that it tells of. */
type About = Pick<typeof messages.$inferInsert, 'contractId' | 'caseId' | 'caseMove'>
/** `accountId`: whose message it is, where it is somebody's already. `unsubscribe`: where its kind is switched off. */
type Recipient = {
  to: string
  language: Locale
  accountId?: string
  about?: About
  sendAfter?: Date
  unsubscribe?: string
}

/**
 * Sends a message that says nothing personal to whatever address or number was typed, in the person's language. Call it in
 * the transaction of the change.
 */
export async function sendMessage(db: Executor, recipient: Recipient, message: OpenMessage): Promise<void> {
  for (const channel of openMessages[message.kind].by) await queueMessage(db, channel, recipient, message)
}

/**
 * Tells an account's owner what happened, in the transaction of the change: in the inbox, unless it holds a secret, and to the
 * address and number that the account has now. Nothing goes to an address that is not verified, for whose mailbox that is nobody
 * knows; the phone is verified always. Notices keep to the channels that the customer chose for them, and wait out the night;
 * secrets that somebody asked for, and warnings about the account, do neither. Whom a directory signs in has neither inbox nor
 * address. `shown`: what the inbox says it with, where that is not the event's own values.
 */
export async function notify(
  db: Executor,
  accountId: string,
  event: Notification,
  about?: About,
  shown: NoticeValues = valuesOf(event),
): Promise<void> {
  const [account] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNull(accounts.closedAt), eq(accounts.ofDirectory, false)))
  if (!account) return
  const of = noticeKindOf(event.kind)
  if (of) await keepNotice(db, accountId, event.kind, about, shown)
  const contractId = about?.contractId ?? null
  const choices = of ? ((await listChoices(db, [accountId])).get(accountId) ?? []) : []
  const chosen = of && channelsOf(account, choices, of, contractId)
  const sendAfter = of && of !== 'account' ? afterQuiet(clock.now(), await zoneOf(db, contractId)) : undefined
  for (const channel of notifications[event.kind].by) {
    const to = channel === 'sms' ? account.phone : account.emailVerifiedAt && account.email
    const isDown = (channel === 'sms' ? account.phoneUndeliverableAt : account.emailUndeliverableAt) !== null
    // Where nothing arrives, only codes and links that were asked for are worth a try.
    if (!to || (chosen && !chosen.includes(channel)) || (of && isDown)) continue
    const unsubscribe =
      of && noticeKinds[of].isChosen && channel === 'email' ? unsubscribeLink(accountId, of) : undefined
    const recipient = { to, language: account.language, accountId, about, sendAfter, unsubscribe }
    await queueMessage(db, channel, recipient, { firstName: account.firstName, ...event })
  }
}

/** Where the contract's biller is. */
export async function zoneOf(db: Executor, contractId: number | null): Promise<string> {
  if (contractId === null) return PORTAL_ZONE
  const [biller] = await db
    .select({ timeZone: billers.timeZone })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(eq(contracts.id, contractId))
  return biller?.timeZone ?? PORTAL_ZONE
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
  recipient: Recipient,
  { kind, ...values }: { kind: string } & Values,
): Promise<void> {
  const { language, accountId, about, sendAfter } = recipient
  const content = await contentOf(db, channel, recipient, kind, values)
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
      sendAfter,
      usefulUntil,
    })
    .returning({ id: messages.id })
  const maxAttempts = MAX_TRIES + SPARE_ATTEMPTS
  const urgent = minutes !== undefined
  const job = { maxAttempts, channel, urgent, runAt: sendAfter }
  await enqueue(db, `send-${channel}`, { messageId: row!.id, message: kind }, job)
}

/** The message in words, as its channel takes it. */
export async function contentOf(
  db: Executor,
  channel: MessageChannel,
  recipient: Omit<Recipient, 'about' | 'sendAfter'>,
  kind: string,
  values: Values,
): Promise<MessageContent> {
  const { to, language, unsubscribe } = recipient
  if (channel === 'email') return { to, unsubscribe, ...(await mailOf(db, recipient, kind, values)) }
  const text = translator(language, 'messages')(`${kind}.sms` as 'reset-code.sms', values as never)
  return { to, text: env().SMS_LETTERS === 'plain' ? plainLetters(text) : text }
}

async function mailOf(
  db: Executor,
  { language, accountId, unsubscribe }: Omit<Recipient, 'to'>,
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
        ...(unsubscribe
          ? [
              { label: about('notices'), href: `${env().APP_URL}/account/notices` },
              { label: about('unsubscribe'), href: unsubscribe },
            ]
          : []),
      ],
    },
  }
  return { subject: mail.subject, text: mailText(mail), html: mailHtml(mail) }
}

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
  // What a notice says is worded as it leaves.
  const worded = rows.filter(({ sealed }) => sealed !== null)
  return worded.map(({ sealed, ...row }) => ({ ...row, ...(openMessage(sealed) ?? { to: '', text: '' }) }))
}
