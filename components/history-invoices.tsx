// The invoices of a stretch of months: on a phone two lines a month, which lead to the invoice.
import { Chip } from '@/components/ui/chip.tsx'
import { type Row, Table } from '@/components/ui/table.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import type { History, HistoryInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { partWords } from '@/lib/billing/under-way-words.ts'
import {
  formatDay,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatUnits,
} from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type Shown = Pick<History, 'months' | 'unit' | 'currency' | 'today' | 'billerCode'>
/** `plain`: its months lead nowhere, where the reader is not the customer. */
type TableProps = { history: Shown; locale: Locale; plain?: boolean }

export function InvoiceTable({ history, locale, plain = false }: TableProps) {
  const t = translator(locale, 'history')
  const invoices = history.months.flatMap(month => month.invoices)
  const supply = supplyOf(history.billerCode)
  const areFines = supply === 'fines'
  const hasUnits = invoices.some(({ units }) => units !== null)
  return (
    <Table
      caption={t(areFines ? 'fines' : 'invoices')}
      columns={[
        { key: 'month', label: t('month') },
        { key: 'number', label: t('number', { supply }), place: 'desktop' },
        { key: 'issuedOn', label: t('issuedOn'), place: 'desktop' },
        { key: 'dueOn', label: t('dueOn'), place: 'tablet' },
        ...(hasUnits ? [{ key: 'units', label: t('units'), amount: true, place: 'sub' } as const] : []),
        { key: 'amount', label: t('amount'), amount: true },
        { key: 'status', label: t('status'), place: 'status' },
      ]}
      rows={monthsOf(history, areFines).map(month =>
        'invoice' in month ? rowOf(month.invoice, history, locale, plain) : emptyRow(month, hasUnits, locale),
      )}
      footer={invoices.length > 1 ? sumRow(invoices, history, locale) : undefined}
    />
  )
}

type Missing = { latest: string; earliest: string }

/** Each invoice, and each run of months without one as a single line; a month without a fine is none to speak of. */
function monthsOf({ months }: Shown, areFines: boolean): ({ invoice: HistoryInvoice } | Missing)[] {
  const lines: ({ invoice: HistoryInvoice } | Missing)[] = []
  for (const { period, invoices } of months) {
    const before = lines.at(-1)
    if (invoices.length > 0) lines.push(...invoices.map(invoice => ({ invoice })))
    else if (areFines) continue
    else if (before && 'latest' in before) before.earliest = period
    else lines.push({ latest: period, earliest: period })
  }
  return lines
}

function rowOf(
  invoice: HistoryInvoice,
  { unit, currency, today }: Shown,
  locale: Locale,
  plain: boolean,
): Row {
  const t = translator(locale, 'history')
  const { id, number, period, units, readingKind, total, isCorrected, due, state, underWay } = invoice
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const isOpen = due > 0 && state !== 'cancelled' && !underWay
  const part = state !== 'cancelled' && partWords(underWay, due, currency, locale)
  return {
    id: String(id),
    cells: {
      month: plain ? (
        <span className="lg:whitespace-nowrap">{formatMonth(period, locale)}</span>
      ) : (
        <a href={`/invoices/${id}`} className="lg:whitespace-nowrap">
          {formatMonth(period, locale)}
        </a>
      ),
      number: <span className="code">{number}</span>,
      issuedOn: formatDay(invoice.issuedOn, locale),
      dueOn: formatDay(invoice.dueOn, locale),
      units: units !== null && (
        <>
          {formatUnits(units, unit, locale)} {readingKind === 'estimated' && <small>{t('estimated')}</small>}
        </>
      ),
      amount: (
        <>
          <b>{money(total)}</b>
          {isOpen && due !== total && (
            <small>{t(due > total ? 'due' : 'left', { amount: money(due) })}</small>
          )}
          {part && <small className="part">{part}</small>}
          {isCorrected && <small>{t('corrected')}</small>}
        </>
      ),
      status: <Chip {...invoiceStatus(invoice, today, locale)} />,
    },
  }
}

function emptyRow({ latest, earliest }: Missing, hasUnits: boolean, locale: Locale): Row {
  const t = translator(locale, 'history')
  const from = formatMonth(earliest, locale)
  return {
    id: earliest,
    cells: {
      month: latest === earliest ? from : t('range', { from, to: formatMonthInSentence(latest, locale) }),
      [hasUnits ? 'units' : 'status']: <span className="text-muted">{t('missing')}</span>,
    },
  }
}

/** What was cancelled is not owed, and counts in no sum. */
function sumRow(invoices: HistoryInvoice[], { unit, currency, billerCode }: Shown, locale: Locale): Row {
  const counted = invoices.filter(({ state }) => state !== 'cancelled')
  const units = counted.reduce((sum, invoice) => sum + Number(invoice.units ?? 0), 0)
  return {
    id: 'all',
    cells: {
      month: translator(locale, 'history')(supplyOf(billerCode) === 'fines' ? 'finesAll' : 'all', {
        count: counted.length,
      }),
      units: unit !== 'none' && formatUnits(units, unit, locale),
      amount: formatMoney(sumOf(counted, 'total'), currency, locale),
    },
  }
}
