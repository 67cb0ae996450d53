// What channels say of the address and the number that an account has: whether anything arrives there. It stands in the account's
// row, for every page reads that with the session.
import { and, eq, inArray, isNull, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { type MessageChannel, messageChannels } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { messages } from '../../db/schema/notifications.ts'
import { MAY_FOLLOW, type Outcome } from './rules.ts'

/** These go to an address that is not the account's yet, or is not any more. */
const ELSEWHERE = ['contact-code-email', 'contact-code-sms', 'email-changed', 'phone-changed']

/** What changes where messages of a channel go; its message may have left before. */
const CHANGES = {
  email: ['email.changed', 'email.change-undone'],
  sms: ['phone.changed', 'phone.change-undone'],
} as const satisfies Record<MessageChannel, string[]>

const SINCE = { email: accounts.emailUndeliverableAt, sms: accounts.phoneUndeliverableAt }

/** Keeps what an outcome that may follow says of the account's present address or number. */
export async function noteDeliverability(
  db: Executor,
  messageId: string,
  outcome: Outcome,
  now: Date,
): Promise<void> {
  const isUndeliverable = outcome.state === 'failed' && outcome.undeliverable === true
  if (!isUndeliverable && outcome.state !== 'delivered') return
  const value = isUndeliverable ? now : null
  for (const channel of messageChannels) {
    await db
      .update(accounts)
      .set(channel === 'email' ? { emailUndeliverableAt: value } : { phoneUndeliverableAt: value })
      .where(
        and(
          wentToPresentAddress(messageId, channel, MAY_FOLLOW[outcome.state]),
          isUndeliverable ? isNull(SINCE[channel]) : sql`${SINCE[channel]} is not null`,
        ),
      )
  }
}

/** The message was the account's, by this channel, in one of these states, and went where its messages go now. */
const wentToPresentAddress = (
  id: string,
  channel: MessageChannel,
  states: readonly (typeof messages.$inferSelect.state)[],
): SQL => {
  const message = and(
    eq(messages.id, id),
    eq(messages.channel, channel),
    inArray(messages.state, [...states]),
    notInArray(messages.kind, ELSEWHERE),
    sql`not exists (select from ${auditEvents} where ${auditEvents.accountId} = ${accounts.id}
      and ${auditEvents.action} in ${CHANGES[channel]} and ${auditEvents.at} >= ${messages.createdAt})`,
  )
  const ownerOf = sql`(select ${messages.accountId} from ${messages} where ${message})`
  return and(isNull(accounts.closedAt), eq(accounts.id, ownerOf))!
}
