// What the table of invoices to pay says, in the reader's language.
import { supplyOf } from '@/lib/billers/supply.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { partWords } from '@/lib/billing/under-way-words.ts'
import { formatAmount, formatMoney, formatMonth, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import type { InvoiceTableProps } from './invoice-table.tsx'

type Contract = Pick<UnpaidInvoice['contract'], 'code' | 'billerCode' | 'country' | 'currency' | 'level'> & {
  today: IsoDate
  chargesInterest: boolean
}

type Shown = Pick<UnpaidInvoice, 'id' | 'number' | 'period' | 'dueOn' | 'overdue' | 'underWay'> &
  Pick<UnpaidInvoice, 'interest' | 'principal' | 'tvTax' | 'total'>

/** A column for the TV tax only where there is any, for interest where its biller has any. */
export function invoiceTable(
  contract: Contract,
  invoices: readonly Shown[],
  locale: Locale,
): InvoiceTableProps {
  const { currency, country, today, chargesInterest } = contract
  const t = translator(locale, 'pay')
  const supply = supplyOf(contract.billerCode)
  const opens = contract.level !== 'amounts'
  const parts = (['principal', 'tvTax', 'interest'] as const).filter(
    part =>
      part === 'principal' ||
      invoices.some(invoice => invoice[part] > 0) ||
      (part === 'interest' && chargesInterest),
  )
  const payable = invoices.filter(({ underWay }) => !underWay)
  return {
    caption: t('tableOf', { contract: contract.code, supply }),
    columns: {
      number: opens ? t('number', { supply }) : undefined,
      month: t('month'),
      parts: parts.map(part => t(part)),
      total: t('total', { country }),
    },
    open: t('parts'),
    rows: invoices.map(invoice => ({
      id: invoice.id,
      month: formatMonth(invoice.period, locale),
      dueOn: t('dueOn', { day: formatNearDay(invoice.dueOn, today, locale) }),
      number: opens ? invoice.number : undefined,
      parts: parts.map(part => formatAmount(invoice[part], currency, locale)),
      whole: parts.filter(part => invoice[part] !== 0).length <= 1,
      total: formatMoney(invoice.total, currency, locale),
      status: invoiceStatus({ ...invoice, state: invoice.overdue ? 'overdue' : 'unpaid' }, today, locale),
      waits: invoice.underWay !== null,
      part: partWords(invoice.underWay, invoice.total, currency, locale),
    })),
    sum: { label: t('toPay'), total: formatMoney(sumOf(payable, 'total'), currency, locale) },
  }
}
