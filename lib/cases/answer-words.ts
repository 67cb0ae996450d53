// What a request's form said, in words: for its page and for the file that is made of it.
import { atStart, formatMonth, formatMonthInSentence, formatNumber } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { requestForm } from './forms.ts'
import type { Answers } from './kind.ts'
import type { Bill, ShownRequest } from './request-queries.ts'

type Said = Pick<ShownRequest, 'kind' | 'biller'> & { bills: Bill[] }

/** What is asked, and of which invoice's month: `Wrong reading, October 2026`. */
export function requestName(
  { kind, period, biller: { country } }: Pick<ShownRequest, 'kind' | 'period' | 'biller'>,
  locale: Locale,
): string {
  const name = atStart(translator(locale, 'kinds')(`${kind}.name`, { country }))
  return period ? `${name}, ${formatMonthInSentence(period, locale)}` : name
}

/** What a page tells of in its own way, or never asked. */
const APART = ['type', 'kind', 'note', 'documents', 'intent']

/** Fields in the form's order; those that it no longer has come last. */
export const saidFields = (answers: Answers): string[] =>
  [
    ...Object.keys(requestForm.fields),
    ...Object.keys(answers).filter(name => !(name in requestForm.fields)),
  ].filter(name => !APART.includes(name) && answers[name] != null)

const LABELS = ['invoice', 'meterNumber', 'currentReading', 'newValue', 'months', 'note'] as const

export function fieldLabel(field: string, { kind, biller: { country } }: Said, locale: Locale): string {
  const t = translator(locale, 'requests')
  const known = LABELS.find(one => one === field)
  return known ? t(`sent.${known}`, { kind, country }) : t('sent.other', { field })
}

export function fieldValue(field: string, value: string, { bills }: Said, locale: Locale): string {
  if (field === 'months') return translator(locale, 'requests')('instalments', { count: Number(value) })
  if (field === 'currentReading') return readingWords(value, locale)
  const bill = field === 'invoice' && bills.find(({ id }) => String(id) === value)
  return bill ? formatMonth(bill.period, locale) : value
}

/** As meters show it: typed with a comma or a point. */
export const readingWords = (reading: string, locale: Locale): string =>
  formatNumber(reading.replace(',', '.'), locale)

/** What a step changed of what was said before: `Your reading: 18 110 (before: 18 102)`. */
export function changedWords(before: Answers, after: Answers, said: Said, locale: Locale): string[] {
  const t = translator(locale, 'requests')
  const show = (field: string, value: string | null | undefined) =>
    value == null ? t('empty') : fieldValue(field, value, said, locale)
  return [...new Set([...saidFields(before), ...saidFields(after), 'note'])]
    .filter(field => (before[field] ?? null) !== (after[field] ?? null))
    .map(field =>
      t('changed', {
        field: fieldLabel(field, said, locale),
        before: show(field, before[field]),
        after: show(field, after[field]),
      }),
    )
}
