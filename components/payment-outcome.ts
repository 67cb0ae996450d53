// What became of a payment, in words.
import { createElement, type ReactNode } from 'react'
import { formatDayInSentence, formatList, formatMoney, formatMonthInSentence } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Translator } from '@/lib/i18n/translator.ts'
import {
  type Ending,
  endingOf,
  givenBackOf,
  type Note,
  paysAsChosen,
  takenOf,
} from '@/lib/payments/outcome-rules.ts'
import { declineReason, tryAtBank } from '@/lib/payments/rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { contractsNamed } from './paid-contracts.ts'

type Texts = Translator<'payment'>

/** Of more invoices than these the sentence names no months. */
const MOST_NAMED = 3

/** `heading`: for the browser's title, with the amount in every state. `payer`: who is thanked by name, where anybody is known. */
export function outcomeOf(
  payment: Attempt,
  payer: { firstName: string } | undefined,
  t: Texts,
  locale: Locale,
): { ending: Ending; heading: string; title: string; text: ReactNode } {
  const ending = endingOf(payment)
  const standing = payment.captures.filter(capture => !capture.reversedOn)
  const taken = standing.reduce((sum, capture) => sum + takenOf(capture), 0)
  const amount = formatMoney(ending === 'captured' ? taken : payment.amount, payment.currency, locale)
  const heading = t(`headings.${ending}`, { amount })
  const say = (title: string, text: ReactNode) => ({ ending, heading, title, text })
  switch (ending) {
    case 'captured': {
      const count = payment.invoices.length
      const months = payment.invoices.map(({ period }) => formatMonthInSentence(period, locale))
      const name = payer ? inNormalCase(payer.firstName) : ''
      const values = { biller: payment.billerName, named: payer ? 'yes' : 'no', name, count }
      const text = !paysAsChosen(payment)
        ? t('states.captured.otherwise')
        : payment.contracts.length > 1 && payer
          ? t('states.captured.several', { ...values, contracts: contractsNamed(payment, locale) })
          : count > MOST_NAMED
            ? t('states.captured.many', values)
            : t('states.captured.text', { ...values, months: formatList(months, locale) })
      const back = givenBackOf(payment)
      const given =
        back > 0
          ? ` ${t('states.captured.givenBack', { amount: formatMoney(back, payment.currency, locale) })}`
          : ''
      return say(t('states.captured.title', { amount }), `${text}${given}`)
    }
    case 'unknown': {
      const { silent } = tryAtBank(payment)
      return say(
        t(`states.unknown.${silent ? 'silent' : 'unfinished'}`),
        t.rich('states.unknown.text', {
          amount,
          biller: payment.billerName,
          b: chunks => createElement('b', null, chunks),
        }),
      )
    }
    case 'declined':
      return say(t('states.declined.title'), t(`declined.${declineReason(payment.declineCode)}`))
    case 'reversed': {
      const day = formatDayInSentence(payment.captures.at(-1)!.reversedOn!, locale)
      const contact = payment.contactPhone ?? payment.contactEmail
      const text = t('states.reversed.text', {
        day,
        biller: payment.billerName,
        contact: contact ?? '',
        known: contact ? 'yes' : 'no',
      })
      return say(t('states.reversed.title'), text)
    }
    default:
      return say(t(`states.${ending}.title`), t(`states.${ending}.text`))
  }
}

/** Of notes of one payment no two have the same. */
export const noteKey = (note: Note): string =>
  [note.about, 'number' in note && note.number, 'contractCode' in note && note.contractCode].join(' ')

export function noteText(note: Note, { currency }: Attempt, t: Texts, locale: Locale): string {
  const money = (minor: number) => formatMoney(minor, currency, locale)
  switch (note.about) {
    case 'reversed':
      return t('notes.reversed', { number: note.number, day: formatDayInSentence(note.on, locale) })
    case 'takenBack': {
      const day = formatDayInSentence(note.on, locale)
      return t('notes.takenBack', { amount: money(note.amount), contract: note.contractCode, day })
    }
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
