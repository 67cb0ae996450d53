// What is due of a contract, to choose from and to pay.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { formTexts } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import type { FormTexts, ShownForm } from '@/components/use-form.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatAmount, formatMoney, formatMonth, formatNearDay, moneyPattern } from '@/lib/i18n/formats.ts'
import { type Locale, languageTag } from '@/lib/i18n/locale.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { type Translator, translator } from '@/lib/i18n/translator.ts'
import { payForm } from '@/lib/payments/forms.ts'
import { getPayableContract, isPaymentOffered, listChosenInvoices } from '@/lib/payments/queries.ts'
import { MOST_INVOICES, type PayableContract, parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { handOver } from '@/lib/request/hand-over.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { planOf } from '@/lib/unpaid/schema.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { ProofForm } from '../contracts/prove.tsx'
import { payAction } from './actions.ts'
import { PayForm } from './form.tsx'
import { InvoiceTable, type InvoiceTableProps } from './invoice-table.tsx'

export default async function PayPage({ searchParams }: ContractPageProps<'payment' | 'invoice' | 'late'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getPayableContract(customer, biller, code, clock.now())
  if (!contract) notFound()
  const { payment, invoice, late } = await searchParams
  const again = parseAttemptId(String(payment))
  const named = invoicesOf(String(invoice))
  const chosen = again
    ? await listChosenInvoices(customer, again)
    : named.length > 0
      ? named
      : late !== undefined
        ? lateOf(contract).map(({ id }) => id)
        : []
  const locale = await getLocale()
  const t = translator(locale, 'pay')
  const isDue = contract.invoices.length > 0
  const { billerName: name, country } = contract
  const ofContract = { ...contract, biller: { code: biller, name, country }, code }
  return (
    <PageShell
      title={t(isDue ? 'title' : 'nothingDue')}
      sky={!isDue && <ClearSky title={t('nothingDue')} text={t('nothingDueText')} home={t('home')} />}
      above={<ContractTabs contract={ofContract} current="pay" locale={locale} />}
      wide
    >
      {isDue && isPaymentOffered() && (
        <LateOrAll contract={contract} isLate={late !== undefined} locale={locale} />
      )}
      {isDue && (
        <Invoices
          contract={contract}
          chosen={chosen}
          locale={locale}
          begun={
            await showForm(payForm, {
              biller,
              code: contract.contractCode,
              // Whoever sends it has read so.
              ...(payableOf(contract).some(({ beingPaid }) => beingPaid) && { beingPaid: 'told' }),
            })
          }
          words={await formTexts()}
        />
      )}
      <p className="actions">
        {payableOf(contract).length > 1 && (
          <a href={planOf({ billerCode: biller, code: contract.contractCode })}>
            {translator(locale, 'unpaidPlan')('link')}
          </a>
        )}
        <a href="/account/payments">{t('receipts')}</a>
        {isDue && isPaidHere(contract) && (
          <a href={`/pay-links?biller=${biller}&code=${contract.contractCode}`}>{t('sendLink')}</a>
        )}
      </p>
      {contract.level === 'amounts' && <AmountsOnly contract={contract} locale={locale} />}
    </PageShell>
  )
}

/** The ids in an address, by commas; none where one of them cannot be one. */
function invoicesOf(text: string): number[] {
  const ids = text.split(',').map(parseInvoiceId)
  return ids.every(id => id !== undefined) ? ids : []
}

const payableOf = ({ invoices }: PayableContract) => invoices.filter(({ underWay }) => !underWay)

const isPaidHere = (contract: PayableContract) => payableOf(contract).length > 0 && isPaymentOffered()

const pathOf = ({ billerCode, contractCode }: PayableContract) =>
  `/contracts/${billerCode}/${contractCode}/pay`

const lateOf = ({ invoices }: PayableContract) =>
  invoices.filter(({ overdue, underWay }) => overdue && !underWay)

/** Ways to check only what is late, and all again; without a script they are the only ones at once. */
function LateOrAll({
  contract,
  isLate,
  locale,
}: {
  contract: PayableContract
  isLate: boolean
  locale: Locale
}) {
  const t = translator(locale, 'pay')
  const late = lateOf(contract)
  const payable = contract.invoices.filter(({ underWay }) => !underWay)
  if (late.length === 0 || late.length === payable.length) return null
  const amount = formatMoney(sumOf(isLate ? payable : late, 'total'), contract.currency, locale)
  return (
    <p className="actions">
      <a href={isLate ? pathOf(contract) : `${pathOf(contract)}?late`}>
        {t(isLate ? 'all' : 'late', { amount })}
      </a>
    </p>
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
            beside={isPaidHere(contract) ? 'prove' : undefined}
          />
        </>
      )}
    </Card>
  )
}

/** `chosen`: invoices of a payment that is tried again; those of them that can be paid are checked and no others. */
function Invoices({
  contract,
  chosen,
  locale,
  begun,
  words,
}: {
  contract: PayableContract
  chosen: number[]
  locale: Locale
  begun: ShownForm
  words: FormTexts
}) {
  const t = translator(locale, 'pay')
  const { invoices, currency, country, perDay } = contract
  const payable = payableOf(contract)
  const again = payable.filter(({ id }) => chosen.includes(id))
  const table = invoiceTable(contract, t, locale)
  if (!isPaidHere(contract)) {
    return (
      <>
        <UnderWayNotice unpaid={invoices} locale={locale} />
        {payable.length > 0 && <Notice>{t('errors.unavailable')}</Notice>}
        <Card>
          <InvoiceTable table={table} />
        </Card>
        <p className="actions">
          <ButtonLink href="/contracts" look="secondary">
            {t('home')}
          </ButtonLink>
        </p>
      </>
    )
  }
  const most = { most: MOST_INVOICES }
  const delay = perDay > 0 ? `${t('perDay', { amount: formatMoney(perDay, currency, locale) })} ` : ''
  return (
    <>
      <UnderWayNotice unpaid={invoices} locale={locale} />
      {payable.some(({ beingPaid }) => beingPaid) && <Notice tone="wait">{t('byLink')}</Notice>}
      {payable.length > MOST_INVOICES && chosen.length === 0 && <Notice>{t('oldestChosen', most)}</Notice>}
      <PayForm
        {...begun}
        action={payAction}
        table={handOver(table)}
        totals={Object.fromEntries(payable.map(invoice => [invoice.id, invoice.total]))}
        most={MOST_INVOICES}
        again={chosen.length > 0 ? again.map(({ id }) => String(id)) : undefined}
        pattern={moneyPattern(currency, locale)}
        language={languageTag[locale]}
        note={delay + t('card', { country })}
        labels={{
          ...texts(t, ['payButton', 'countAgain']),
          chosen: t.raw(supplyOf(contract.billerCode) === 'fines' ? 'chosenFines' : 'chosen'),
        }}
        texts={words}
      />
    </>
  )
}

/** The rows as the reader sees them; a column for the TV tax only where there is any, for interest where its biller has any. */
function invoiceTable(contract: PayableContract, t: Translator<'pay'>, locale: Locale): InvoiceTableProps {
  const { invoices, currency, country, today, chargesInterest } = contract
  const supply = supplyOf(contract.billerCode)
  const opens = contract.level !== 'amounts'
  const parts = (['principal', 'tvTax', 'interest'] as const).filter(
    part =>
      part === 'principal' ||
      invoices.some(invoice => invoice[part] > 0) ||
      (part === 'interest' && chargesInterest),
  )
  const payable = payableOf(contract)
  return {
    caption: t('tableOf', { contract: contract.contractCode, supply }),
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
    })),
    sum: { label: t('toPay'), total: formatMoney(sumOf(payable, 'total'), currency, locale) },
  }
}
