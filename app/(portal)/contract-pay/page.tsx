// What is due of a contract, to choose from and to pay.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { formTexts } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { PaymentTable } from '@/components/payment-table.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { underWayWords } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatDay, formatMoney, formatMonth, moneyPattern } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { type Translator, translator } from '@/lib/i18n/translator.ts'
import { payForm } from '@/lib/payments/forms.ts'
import { getPayableContract, isPaymentOffered, listChosenInvoices } from '@/lib/payments/queries.ts'
import { MOST_INVOICES, type PayableContract, parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { ProofForm } from '../contracts/prove.tsx'
import { payAction } from './actions.ts'
import { PayForm } from './form.tsx'
import { type Amounts, InvoiceTable, type InvoiceTableProps } from './invoice-table.tsx'

export default async function PayPage({ searchParams }: ContractPageProps<'payment'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getPayableContract(customer, biller, code, clock.now())
  if (!contract) notFound()
  const again = parseAttemptId(String((await searchParams).payment))
  const chosen = again ? await listChosenInvoices(customer, again) : []
  const locale = await getLocale()
  const t = translator(locale, 'pay')
  const opens = contract.level !== 'amounts'
  return (
    <PageShell
      title={t('title')}
      above={
        <ContractTabs
          contract={{ ...contract, biller, code: contract.contractCode }}
          current="pay"
          locale={locale}
        />
      }
      wide
    >
      {contract.invoices.length === 0 ? (
        <Notice tone="good">{t('nothingDue')}</Notice>
      ) : (
        <Invoices contract={contract} chosen={chosen} />
      )}
      {contract.ownAttempts.length > 0 && <OwnPayments contract={contract} locale={locale} />}
      {!opens && <AmountsOnly contract={contract} locale={locale} />}
    </PageShell>
  )
}

function OwnPayments({ contract, locale }: { contract: PayableContract; locale: Locale }) {
  const t = translator(locale, 'ownPayments')
  const payments = contract.ownAttempts.map(payment => ({ ...payment, currency: contract.currency }))
  return (
    <Card labelledBy="payments" title={t('titleOfContract')}>
      <PaymentTable payments={payments} locale={locale} />
      <p className="mt-3 print:hidden">
        <a href="/account/payments">{t('all')}</a>
      </p>
    </Card>
  )
}

/** Why there are no invoices to open, and what to do about it. */
function AmountsOnly({ contract, locale }: { contract: PayableContract; locale: Locale }) {
  const t = translator(locale, 'prove')
  const { billerCode, contractCode, country, openProof } = contract
  return (
    <Card labelledBy="prove" title={t('title')}>
      <p className="my-3">{t('lead')}</p>
      {openProof && (
        <>
          <p className="my-3">{t(`ways.${openProof}`, { country })}</p>
          <ProofForm
            contract={{ biller: billerCode, code: contractCode, country }}
            proof={openProof}
            opens="invoices"
          />
        </>
      )}
    </Card>
  )
}

/** `chosen`: invoices of a payment that is tried again; those of them that can be paid are checked, else all. */
async function Invoices({ contract, chosen }: { contract: PayableContract; chosen: number[] }) {
  const locale = await getLocale()
  const t = translator(locale, 'pay')
  const payable = contract.invoices.filter(invoice => !invoice.underWay)
  const again = payable.filter(({ id }) => chosen.includes(id))
  const table = invoiceTable(contract, t, locale)
  if (payable.length === 0 || !isPaymentOffered()) {
    return (
      <>
        {payable.length === 0 ? (
          <Notice tone="wait" live>
            {translator(locale, 'underWay')('all')}
          </Notice>
        ) : (
          <Notice>{t('errors.unavailable')}</Notice>
        )}
        <Card>
          <InvoiceTable table={table} />
        </Card>
      </>
    )
  }
  const most = { most: MOST_INVOICES }
  return (
    <>
      {payable.length > MOST_INVOICES && again.length === 0 && <Notice>{t('oldestChosen', most)}</Notice>}
      <PayForm
        {...(await showForm(payForm, { biller: contract.billerCode, code: contract.contractCode }))}
        action={payAction}
        table={table}
        totals={Object.fromEntries(payable.map(invoice => [invoice.id, invoice.total]))}
        most={MOST_INVOICES}
        again={again.length > 0 ? again.map(({ id }) => String(id)) : undefined}
        pattern={moneyPattern(contract.currency, locale)}
        labels={{
          ...texts(t, ['chosenTotal', 'payButton', 'totalButton']),
          toBank: t('toBank', { country: contract.country }),
        }}
        texts={await formTexts()}
      />
    </>
  )
}

/** The rows as the reader sees them. */
function invoiceTable(contract: PayableContract, t: Translator<'pay'>, locale: Locale): InvoiceTableProps {
  const { invoices, currency } = contract
  const opens = contract.level !== 'amounts'
  const parts = ['principal', 'tvTax', 'interest', 'total'] as const
  const amounts = (amountOf: (part: (typeof parts)[number]) => number) =>
    parts.map(part => formatMoney(amountOf(part), currency, locale)) as Amounts
  return {
    caption: t('tableOf', { contract: contract.contractCode }),
    columns: [
      ...(opens ? [t('number')] : []),
      t('month'),
      t('dueOn'),
      ...parts.map(part => t(part, { country: contract.country })),
    ],
    overdue: t('overdue'),
    rows: invoices.map(invoice => ({
      id: invoice.id,
      name: opens ? invoice.number : formatMonth(invoice.period, locale),
      month: formatMonth(invoice.period, locale),
      href: opens ? `/invoices/${invoice.id}` : undefined,
      dueOn: formatDay(invoice.dueOn, locale),
      overdue: invoice.overdue,
      amounts: amounts(part => invoice[part]),
      // An invoice that another payment has: nobody may pay it twice.
      underWay: invoice.underWay ? underWayWords(invoice.underWay, locale) : undefined,
    })),
    sums: {
      label: t('all'),
      amounts: amounts(part => invoices.reduce((total, invoice) => total + invoice[part], 0)),
    },
  }
}
