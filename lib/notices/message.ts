// What a notice says by e-mail and by SMS.
import type { Executor } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import type { MessageContent } from '../notifications/catalogue.ts'
import { noticeKindOf, noticeKinds } from '../notifications/notice-kinds.ts'
import { contentOf } from '../notifications/outbox.ts'
import { unsubscribeLink } from '../notifications/unsubscribing.ts'
import { env } from '../platform/env.ts'
import type { Notice } from './schema.ts'
import { factsOf, hrefOf, madeValues } from './words.ts'

/** For a notice with the items that are to be told, in its reader's language. */
export async function messageOf(
  db: Executor,
  channel: MessageChannel,
  account: typeof accounts.$inferSelect,
  notice: Notice,
): Promise<MessageContent> {
  const { id: accountId, language, firstName } = account
  const { biller, ...values } = madeValues(language, notice)
  const of = noticeKindOf(notice.kind)!
  const to = channel === 'sms' ? account.phone : account.email
  const unsubscribe = noticeKinds[of].isChosen ? unsubscribeLink(accountId, of) : undefined
  return contentOf(db, channel, { to, language, accountId, unsubscribe }, notice.kind, {
    firstName,
    ...values,
    // A list may be of several billers, and is nobody's but the portal's.
    ...(notice.kind !== 'statement' && { biller }),
    link: `${env().APP_URL}${hrefOf(notice)}`,
    facts: factsOf(language, notice),
  })
}
