// By which channels customers want to be told: a kind of notice of all their contracts, or of one of them.
import { and, type Column, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { type MessageChannel, messageChannels } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { messages, noticeChoices } from '../../db/schema/notifications.ts'
import { database } from '../platform/database.ts'
import { type NoticeKind, noticeKindOf, noticeKinds } from './notice-kinds.ts'
import type { Unsubscribed } from './unsubscribing.ts'

type Channels = { email: boolean; sms: boolean }
export type Choices = Partial<Record<NoticeKind, Channels>>

/** Those that are chosen, in their order; the others always go. */
export const chosenKinds = (Object.keys(noticeKinds) as NoticeKind[]).filter(
  kind => noticeKinds[kind].isChosen,
)

/**
 * What counts now: what was chosen for the contract, else for all, else as notices go by default. `ofContracts`: contracts
 * that have a choice of their own. `contractId`: null for all contracts.
 */
export async function getOwnChoices({ id }: { id: string }, contractId: number | null) {
  const { notifyByEmail, notifyBySms, statementDay } = accounts
  const { kind, email, sms } = noticeChoices
  const isThis = contractId === null ? undefined : eq(noticeChoices.contractId, contractId)
  const rows = await database()
    .select({
      byDefault: { email: notifyByEmail, sms: notifyBySms },
      statementDay,
      ofContracts: sql<number[]>`array(select distinct own.contract_id::int from notice_choices own
        where own.account_id = ${accounts.id} and own.contract_id is not null)`,
      choice: { kind, contractId: noticeChoices.contractId, email, sms },
    })
    .from(accounts)
    .leftJoin(
      noticeChoices,
      and(eq(noticeChoices.accountId, accounts.id), or(isNull(noticeChoices.contractId), isThis)),
    )
    .where(eq(accounts.id, id))
    // What is of all contracts, null, comes first here, and what is of the one takes its place.
    .orderBy(sql`${noticeChoices.contractId} nulls first`)
  const { byDefault, ofContracts } = rows[0]!
  const choices: Choices = Object.fromEntries(chosenKinds.map(one => [one, byDefault]))
  for (const { choice } of rows) {
    if (choice) choices[choice.kind as NoticeKind] = { email: choice.email, sms: choice.sms }
  }
  return { choices, statementDay: rows[0]!.statementDay, ofContracts }
}

/** By which channels anything comes that is chosen. */
export const channelsUsed = (choices: Choices): MessageChannel[] =>
  messageChannels.filter(channel =>
    chosenKinds.some(
      kind =>
        (noticeKinds[kind].channels as readonly MessageChannel[]).includes(channel) &&
        choices[kind]?.[channel],
    ),
  )

/** What was ticked, but all of a channel or nothing of it where that button was pressed: `email:on`, `sms:off`. */
export function asPressed(ticked: Choices, button: string): Choices {
  const [channel, all] = button.split(':')
  if (!all) return ticked
  const set = { [channel!]: all === 'on' }
  return Object.fromEntries(Object.entries(ticked).map(([kind, chosen]) => [kind, { ...chosen, ...set }]))
}

/** The joined account gets the kind by e-mail, of the joined contract. */
export const comesByEmail = (kind: NoticeKind, contract: SQL | Column = contracts.id): SQL<boolean> =>
  sql`(${accounts.emailVerifiedAt} is not null and ${accounts.emailUndeliverableAt} is null
    and coalesce((select own.email from notice_choices own where own.account_id = ${accounts.id} and own.kind = ${kind}
      and (own.contract_id = ${contract} or own.contract_id is null) order by own.contract_id limit 1), ${accounts.notifyByEmail}))`

/** Keeps what a customer chose, of one contract or (null) of all. */
export async function keepChoices(
  tx: Transaction,
  { id: accountId }: { id: string },
  contractId: number | null,
  choices: Choices,
  now: Date,
): Promise<void> {
  const rows = Object.entries(choices).map(([kind, { email, sms }]) => {
    return { accountId, kind, contractId, email, sms, chosenAt: now }
  })
  await tx
    .insert(noticeChoices)
    .values(rows)
    .onConflictDoUpdate({ target: IS_ONE, set: { ...TAKEN, sms: sql`excluded.sms` } })
}

const IS_ONE = [noticeChoices.accountId, noticeChoices.kind, noticeChoices.contractId]
const TAKEN = { email: sql`excluded.email`, chosenAt: sql`excluded.chosen_at` }

/** Of one contract, what was chosen for all counts again. */
export async function forgetChoices(
  tx: Transaction,
  { id }: { id: string },
  contractId: number,
): Promise<void> {
  await tx
    .delete(noticeChoices)
    .where(and(eq(noticeChoices.accountId, id), eq(noticeChoices.contractId, contractId)))
}

/** What a link in an e-mail is about, and whether it goes by e-mail now; undefined where the account is closed or the kind is not chosen. */
export async function getSubscription({ accountId, kind, contractId }: Unsubscribed) {
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNull(accounts.closedAt)))
  if (!account || !noticeKinds[kind].isChosen) return undefined
  const { choices } = await getOwnChoices({ id: accountId }, contractId)
  return { kind, ofContract: contractId !== null, isOn: choices[kind]!.email }
}

/**
 * Switches e-mails of a kind off or on, as often as it is asked for; what goes by SMS stays. Off for all contracts is off for
 * those, too, that had a choice of their own.
 */
export async function chooseEmail(
  db: Executor,
  { accountId, kind, contractId }: Unsubscribed,
  email: boolean,
  now: Date,
): Promise<void> {
  if (!noticeKinds[kind].isChosen) return
  const sms = sql<boolean>`coalesce((select own.sms from notice_choices own where own.account_id = ${accountId} and own.kind = ${kind}
    and own.contract_id is null), (select notify_by_sms from accounts where id = ${accountId}))`
  await db
    .insert(noticeChoices)
    .values({ accountId, kind, contractId, email, sms, chosenAt: now })
    .onConflictDoUpdate({ target: IS_ONE, set: TAKEN })
  if (email || contractId !== null) return
  await db
    .update(noticeChoices)
    .set({ email, chosenAt: now })
    .where(and(eq(noticeChoices.accountId, accountId), eq(noticeChoices.kind, kind)))
}

/** Somebody called a message spam: its kind comes by e-mail no more. A report that comes again does not undo a later choice. */
export const receiveComplaint = (messageId: string, now: Date): Promise<void> =>
  database().transaction(async tx => {
    const [first] = await tx
      .update(messages)
      .set({ failure: COMPLAINED })
      .where(
        and(
          eq(messages.id, messageId),
          eq(messages.channel, 'email'),
          sql`${messages.failure} is distinct from ${COMPLAINED}`,
        ),
      )
      .returning({ accountId: messages.accountId, kind: messages.kind })
    const kind = first && noticeKindOf(first.kind)
    if (kind && first.accountId) {
      await chooseEmail(tx, { accountId: first.accountId, kind, contractId: null }, false, now)
    }
  })

const COMPLAINED = 'complained'

/** What the boxes of a form say; kinds that it did not ask for are left out. */
export const choicesOf = (boxes: { [kind in NoticeKind]?: MessageChannel[] }): Choices =>
  Object.fromEntries(
    Object.entries(boxes).flatMap(([kind, checked]) =>
      checked ? [[kind, { email: checked.includes('email'), sms: checked.includes('sms') }]] : [],
    ),
  )

/** As a form's boxes begin. */
export const boxesOf = (choices: Choices): { [kind in NoticeKind]?: string } =>
  Object.fromEntries(
    Object.entries(choices).map(([kind, { email, sms }]) => [
      kind,
      [email && 'email', sms && 'sms'].filter(Boolean).join(' '),
    ]),
  )
