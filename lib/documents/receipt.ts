// The PDF of a payment's receipt.
import { formatDay, formatInstant, formatMoney, formatMonth } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Receipt } from '../payments/schema.ts'
import { Sheet } from './sheet.ts'

/** A tagged A4 PDF in the reader's language. */
export async function receiptPdf(receipt: Receipt, locale: Locale): Promise<Buffer> {
  const t = translator(locale, 'receiptDocument')
  const { biller, contract } = receipt
  const money = (minor: number) => formatMoney(minor, biller.currency, locale)
  const title = t('title', { number: receipt.number })
  const sheet = new Sheet({ title, author: biller.name, locale })
  sheet.brand(biller.name, [biller.contactPhone, biller.contactEmail])
  sheet.text('H1', title, { weight: 'bold', size: 20 })
  if (receipt.reversedOn) {
    sheet.space(4)
    sheet.text('P', t('reversed', { day: formatDay(receipt.reversedOn, locale) }), {
      weight: 'bold',
      size: 11,
    })
  }
  sheet.space(12)
  sheet.beside(
    100,
    () =>
      sheet.pairs([
        { label: t('paidAt'), value: formatInstant(receipt.paidAt, locale, biller.timeZone) },
        { label: t('method'), value: t('card') },
        { label: t('transaction'), value: receipt.transactionId },
      ]),
    () =>
      sheet.pairs([
        { label: t('contractCode', { country: biller.country }), value: contract.code },
        { label: t('holder'), value: contract.holderName },
      ]),
  )
  sheet.space(18)
  if (receipt.lines.length > 0) {
    sheet.text('H2', t('lines'), { weight: 'bold', size: 12 })
    sheet.space(6)
    sheet.table(
      [
        { title: t('invoice'), width: 20 },
        { title: t('month'), width: 16 },
        { title: t('principal'), width: 17, align: 'right' },
        { title: t('interest'), width: 15, align: 'right' },
        { title: t('tvTax'), width: 15, align: 'right' },
        { title: t('lineTotal'), width: 17, align: 'right' },
      ],
      receipt.lines.map(line => [
        line.invoiceNumber,
        formatMonth(line.period, locale),
        money(line.principal),
        money(line.interest),
        money(line.tvTax),
        money(line.total),
      ]),
    )
    sheet.space(12)
  }
  sheet.pairs(
    [
      ...(receipt.surplus > 0 ? [{ label: t('surplus'), value: money(receipt.surplus) }] : []),
      { label: t('amount'), value: money(receipt.amount), strong: true },
    ],
    { amounts: true, tinted: true },
  )
  return sheet.finish((page, pages) => ({
    left: t('footer', { biller: biller.name }),
    right: t('page', { page, pages }),
  }))
}
