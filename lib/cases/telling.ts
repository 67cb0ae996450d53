// What the owner of a case is told of a move.
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { CaseMove } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { formatDayInSentence, formatInstant } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { notify, sendMessage } from '../notifications/outbox.ts'
import { dayIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import type { Case, Tells } from './kind.ts'
import { kindOf } from './kinds.ts'

/** The last day of its limit; of hours the moment at which they end. */
function dueWords({ dueAt, limitUnit }: Case, timeZone: string, language: Locale): string {
  if (!dueAt) return ''
  return limitUnit === 'hours'
    ? formatInstant(dueAt, language, timeZone)
    : formatDayInSentence(dayIn(timeZone, new Date(dueAt.getTime() - 1)), language)
}

/** Tells whose case it is of a move: in their language, by their channels, with what staff wrote to them. */
export async function tellOwner(
  tx: Transaction,
  one: Case,
  move: CaseMove | 'file',
  tells: Tells,
  note: string,
): Promise<void> {
  const { accountId, email } = one
  const [biller] = await tx
    .select({ code: billers.code, name: billers.name, timeZone: billers.timeZone })
    .from(billers)
    .where(eq(billers.id, one.billerId))
  const [account] = accountId ? await tx.select().from(accounts).where(eq(accounts.id, accountId)) : []
  const language = (account?.language ?? one.language) as Locale
  const t = translator(language, 'kinds')
  const path = typeof tells === 'string' ? tells : tells(one, biller!.code)
  const values = {
    firstName: account?.firstName ?? '',
    title: one.title,
    biller: biller!.name,
    number: one.number ?? '',
    due: dueWords(one, biller!.timeZone, language),
    note,
    link: `${env().APP_URL}${path}`,
  }
  const texts = kindOf(one)?.texts ?? one.kind
  const say = (part: 'subject' | 'email' | 'action' | 'sms') =>
    t(`${texts}.told.${move}.${part}` as 'business.told.accept.sms', values)
  const { biller: name, link } = values
  const said = { subject: say('subject'), email: say('email'), action: say('action') }
  const mail = { kind: 'case-told', ...said, link, biller: name } as const
  const about = { contractId: one.contractId, caseId: one.id, caseMove: move }
  const shown = { text: `${texts}.told.${move}.subject`, number: values.number, path }
  if (accountId) await notify(tx, accountId, { ...mail, sms: say('sms') }, about, shown)
  else await sendMessage(tx, { to: email!, language, about }, mail)
}
