// What an invoice says of its holder and of what is supplied, as rows of a label and a value.
import { wordsFor } from '../billers/supply.ts'
import { formatNumber, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Translator } from '../i18n/translator.ts'
import { codeWords, plain, type Row, type Words } from '../i18n/words.ts'
import type { Invoice } from './schema.ts'
import { categoryName, tariffGroupName } from './tariff-groups.ts'

/** Says something of the invoice in both languages. */
export type Say = (say: (texts: Translator<'invoiceDocument'>, locale: Locale) => string) => Words

/** Everyone but the holder sees all of them masked; the holder does not see the number that a person or a business lacks. */
export function holderRows({ holder, level }: Invoice, say: Say): Row[] {
  const row = (
    key: 'name' | 'address' | 'phone' | 'personalNumber' | 'businessNumber',
    words = plain,
  ): Row => ({
    label: say(t => t(key)),
    value: holder[key] === null ? say(t => t('unknown')) : words(holder[key]),
  })
  const numbers = (['personalNumber', 'businessNumber'] as const).filter(
    key => holder[key] !== null || level !== 'holder',
  )
  return [row('name'), row('address'), row('phone'), ...numbers.map(key => row(key, codeWords))]
}

export function supplyRows(invoice: Invoice, locale: Locale, say: Say): Row[] {
  const { previousReading, currentReading, readingKind, units } = invoice
  const { meterNumber } = invoice.holder
  const { country, unit } = invoice.biller
  const number = (value: string) => plain(formatNumber(value, locale))
  const rows: Row[] = [
    { label: say(t => t('contractCode', wordsFor(invoice.biller))), value: codeWords(invoice.contractCode) },
    ...referenceRow(invoice, say),
  ]
  if (unit === 'none') return rows
  rows.push(...tariffRows(invoice, locale, say))
  if (meterNumber !== null)
    rows.push({ label: say(t => t('meter', { country })), value: codeWords(meterNumber) })
  if (previousReading !== null)
    rows.push({ label: say(t => t('previousReading')), value: number(previousReading) })
  if (currentReading !== null)
    rows.push({ label: say(t => t('currentReading')), value: number(currentReading) })
  if (readingKind !== null)
    rows.push({ label: say(t => t('readingKind')), value: say(t => t(`readingKinds.${readingKind}`)) })
  if (units !== null)
    rows.push({ label: say(t => t('units')), value: plain(formatUnits(units, unit, locale)), strong: true })
  return rows
}

/** What banks take instead of the customer code. */
export const referenceRow = ({ paymentReference }: Invoice, say: Say): Row[] =>
  paymentReference === null
    ? []
    : [{ label: say(t => t('paymentReference')), value: codeWords(paymentReference) }]

/**
 * The category in the regulator's words comes before ours. A known group's name tells the category too; a counter knows
 * the groups that print with their code by that.
 */
function tariffRows(invoice: Invoice, locale: Locale, say: Say): Row[] {
  const { biller, category, customerCategory, tariffGroup } = invoice
  const nameIn = (language: Locale) => tariffGroup && tariffGroupName(biller.code, tariffGroup, language)
  const known = nameIn(locale)
  const row = (key: 'customerCategory' | 'category' | 'tariffGroup', value: Words): Row => ({
    label: say(t => t(key)),
    value,
  })
  const regulators = customerCategory === null ? [] : [row('customerCategory', plain(customerCategory))]
  if (tariffGroup && known) {
    const isCoded = known.includes(tariffGroup)
    return [
      ...regulators,
      row('tariffGroup', isCoded ? plain(known) : say((_, language) => nameIn(language) || tariffGroup)),
    ]
  }
  const ours = row(
    'category',
    say((_, language) => categoryName(category, biller.country, language)),
  )
  return [
    ...(customerCategory === null ? [ours] : regulators),
    ...(tariffGroup ? [row('tariffGroup', plain(tariffGroup))] : []),
  ]
}
