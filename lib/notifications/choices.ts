// By which channels somebody wants a kind of notice.
import { inArray } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { type MessageChannel, messageChannels } from '../../db/enums.ts'
import { noticeChoices } from '../../db/schema/notifications.ts'
import { type NoticeKind, noticeKinds } from './notice-kinds.ts'

export type Choice = Pick<
  typeof noticeChoices.$inferSelect,
  'accountId' | 'kind' | 'contractId' | MessageChannel
>

/** What these accounts chose. */
export async function listChoices(db: Executor, accountIds: string[]): Promise<Map<string, Choice[]>> {
  const { accountId, kind, contractId, email, sms } = noticeChoices
  const rows = await db
    .select({ accountId, kind, contractId, email, sms })
    .from(noticeChoices)
    .where(inArray(accountId, accountIds))
  return Map.groupBy(rows, row => row.accountId)
}

/** What was chosen for the kind and the contract, else for the kind, else for notices at all. What is not chosen goes by all that it has. */
export function channelsOf(
  account: { notifyByEmail: boolean; notifyBySms: boolean },
  choices: readonly Choice[],
  kind: NoticeKind,
  contractId: number | null,
): MessageChannel[] {
  const { channels, isChosen } = noticeKinds[kind]
  const ofKind = choices.filter(choice => choice.kind === kind)
  const choice =
    ofKind.find(one => one.contractId !== null && one.contractId === contractId) ??
    ofKind.find(one => one.contractId === null)
  const wants = choice ?? { email: account.notifyByEmail, sms: account.notifyBySms }
  return messageChannels.filter(
    channel => (channels as readonly MessageChannel[]).includes(channel) && (!isChosen || wants[channel]),
  )
}
