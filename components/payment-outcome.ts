// What became of a payment, in words.
import { formatDayInSentence, formatList, formatMoney, formatMonthInSentence } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Translator } from '@/lib/i18n/translator.ts'
import { type Ending, endingOf, type Note, paysAsChosen } from '@/lib/payments/outcome-rules.ts'
import { declineReason, tryAtBank } from '@/lib/payments/rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'

type Texts = Translator<'payment'>

/** Of more invoices than these the sentence names no months. */
const MOST_NAMED = 3

/** `heading`: for the browser's title, with the amount in every state. `payer`: who is thanked by name, where anybody is known. */
export function outcomeOf(
  payment: Attempt,
  payer: { firstName: string } | undefined,
  t: Texts,
  locale: Locale,
): { ending: Ending; heading: string; title: string; text: string } {
  const ending = endingOf(payment)
  const standing = payment.captures.filter(capture => !capture.reversedOn)
  const taken = standing.reduce((sum, capture) => sum + capture.amount, 0)
  const amount = formatMoney(ending === 'captured' ? taken : payment.amount, payment.currency, locale)
  const heading = t(`headings.${ending}`, { amount })
  const say = (title: string, text: string) => ({ ending, heading, title, text })
  switch (ending) {
    case 'captured': {
      const count = payment.invoices.length
      const months = payment.invoices.map(({ period }) => formatMonthInSentence(period, locale))
      const name = payer ? inNormalCase(payer.firstName) : ''
      const values = { biller: payment.billerName, named: payer ? 'yes' : 'no', name, count }
      const text = !paysAsChosen(payment)
        ? t('states.captured.otherwise')
        : count > MOST_NAMED
          ? t('states.captured.many', values)
          : t('states.captured.text', { ...values, months: formatList(months, locale) })
      return say(t('states.captured.title', { amount }), text)
    }
    case 'unknown': {
      const { silent } = tryAtBank(payment)
      return say(
        t(`states.unknown.${silent ? 'silent' : 'unfinished'}`),
        t('states.unknown.text', { amount, biller: payment.billerName }),
      )
    }
    case 'declined':
      return say(t('states.declined.title'), t(`declined.${declineReason(payment.declineCode)}`))
    case 'reversed': {
      const day = formatDayInSentence(payment.captures.at(-1)!.reversedOn!, locale)
      return say(t('states.reversed.title'), t('states.reversed.text', { day }))
    }
    default:
      return say(t(`states.${ending}.title`), t(`states.${ending}.text`))
  }
}

export function noteText(note: Note, { currency }: Attempt, t: Texts, locale: Locale): string {
  const money = (minor: number) => formatMoney(minor, currency, locale)
  switch (note.about) {
    case 'reversed':
      return t('notes.reversed', { number: note.number, day: formatDayInSentence(note.on, locale) })
    case 'otherAmount':
      return t('notes.otherAmount', { taken: money(note.taken), ordered: money(note.ordered) })
    case 'short':
      return t('notes.short', {
        started: formatDayInSentence(note.startedOn, locale),
        day: formatDayInSentence(note.paidOn, locale),
        amount: money(note.amount),
      })
    default:
      return t(`notes.${note.about}`, { amount: money(note.amount) })
  }
}
