// How an invoice stands, in a word and its colour: the same on every page.
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { daysBetween, type IsoDate } from '../platform/dates.ts'
import type { HistoryInvoice, UnderWay } from './schema.ts'

/** As a Chip takes it (components/ui/chip.tsx). */
export type InvoiceStatus = { tone: 'good' | 'bad' | 'wait' | 'plain'; icon?: 'no'; children: string }

/**
 * `24 days late`, `6 days left`, `waiting for the bank`. What is being paid waits, a part of it too, whatever its due date: nobody is urged to
 * pay it again. `today`: the day it is at the biller.
 */
export function invoiceStatus(
  { state, dueOn, underWay }: { state: HistoryInvoice['state']; dueOn: IsoDate; underWay?: UnderWay | null },
  today: IsoDate,
  locale: Locale,
): InvoiceStatus {
  const t = translator(locale, 'invoiceStatus')
  if (state === 'cancelled') return { tone: 'plain', icon: 'no', children: t('cancelled') }
  if (state === 'paid') return { tone: 'good', children: t('paid') }
  if (underWay) return { tone: 'wait', children: waitingWords(underWay, locale) }
  const days = daysBetween(today, dueOn)
  if (state === 'overdue') return { tone: 'bad', children: t('late', { days: -days }) }
  // Past, but so little that nobody is reminded of it.
  return { tone: 'plain', children: days < 0 ? t('unpaid') : t('left', { days }) }
}

/** Of what is being paid: what it waits for. */
export const waitingWords = ({ attemptId, rest }: UnderWay, locale: Locale): string =>
  translator(locale, 'invoiceStatus')(attemptId === null ? 'beingPaid' : rest > 0 ? 'partWaiting' : 'waiting')
