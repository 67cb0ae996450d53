// What is due of a contract, to choose from and to pay.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { DeclinedBefore } from '@/components/declined-before.tsx'
import { formTexts } from '@/components/form.tsx'
import { stoppedText } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import type { FormTexts, ShownForm } from '@/components/use-form.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatMoney, moneyPattern } from '@/lib/i18n/formats.ts'
import { type Locale, languageTag } from '@/lib/i18n/locale.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { payForm } from '@/lib/payments/forms.ts'
import { getChosenBefore, getPayableContract, isPaymentOffered, takesParts } from '@/lib/payments/queries.ts'
import { MOST_INVOICES, type PayableContract, parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { handOver } from '@/lib/request/hand-over.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { planOf } from '@/lib/unpaid/schema.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { ProofForm } from '../contracts/prove.tsx'
import { invoicesIn } from '../invoices/unpaid/view.ts'
import { payAction } from './actions.ts'
import { PayForm } from './form.tsx'
import { invoiceTable } from './invoice-rows.ts'
import { InvoiceTable } from './invoice-table.tsx'
import { PayPart } from './part.tsx'

export default async function PayPage({
  searchParams,
}: ContractPageProps<'payment' | 'invoice' | 'late' | 'part' | 'amount'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getPayableContract(customer, biller, code, clock.now())
  if (!contract) notFound()
  const { payment, invoice, late, part, amount } = await searchParams
  const locale = await getLocale()
  if (part !== undefined) {
    if (!takesParts(contract.billerCode)) notFound()
    return <PartOfContract contract={contract} typed={amount} locale={locale} />
  }
  const id = parseAttemptId(String(payment))
  const again = id && (await getChosenBefore(customer, id))
  const named = invoicesIn(String(invoice))
  const chosen = again
    ? again.invoices
    : named.length > 0
      ? named
      : late !== undefined
        ? lateOf(contract).map(({ id }) => id)
        : []
  const t = translator(locale, 'pay')
  const isDue = contract.invoices.length > 0
  const isOffered = await isPaymentOffered(contract.billerCode)
  const { billerName: name, country } = contract
  const ofContract = { ...contract, biller: { code: biller, name, country }, code }
  return (
    <PageShell
      title={t(isDue ? 'title' : 'nothingDue')}
      sky={!isDue && <ClearSky title={t('nothingDue')} text={t('nothingDueText')} home={t('home')} />}
      above={<ContractTabs contract={ofContract} current="pay" locale={locale} />}
      wide
    >
      {again && <DeclinedBefore attempt={again} locale={locale} />}
      {isDue && isOffered && <LateOrAll contract={contract} isLate={late !== undefined} locale={locale} />}
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
        {isDue && isOffered && takesParts(contract.billerCode) && payableOf(contract).length > 0 && (
          <a href={`${pathOf(contract)}?part`}>{t('part')}</a>
        )}
        <a href="/account/payments">{t('receipts')}</a>
        {isDue && isOffered && payableOf(contract).length > 0 && (
          <a href={`/pay-links?biller=${biller}&code=${contract.contractCode}`}>{t('sendLink')}</a>
        )}
      </p>
      {contract.level === 'amounts' && <AmountsOnly contract={contract} locale={locale} />}
    </PageShell>
  )
}

const payableOf = ({ invoices }: PayableContract) => invoices.filter(({ underWay }) => !underWay)

const isPaidHere = async (contract: PayableContract): Promise<boolean> =>
  payableOf(contract).length > 0 && (await isPaymentOffered(contract.billerCode))

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

/** A part of what is due, the oldest invoice first. */
function PartOfContract({
  contract,
  typed,
  locale,
}: {
  contract: PayableContract
  typed: unknown
  locale: Locale
}) {
  const { billerCode, billerName, contractCode, country, currency, invoices } = contract
  const payable = payableOf(contract)
  return (
    <PayPart
      path={pathOf(contract)}
      kept={{}}
      back={pathOf(contract)}
      shownFor={{ biller: billerCode, code: contractCode }}
      biller={{ code: billerCode, name: billerName, country, currency }}
      typed={typed}
      isBeingPaid={payable.some(({ beingPaid }) => beingPaid)}
      invoices={payable.map((invoice, place) => ({ ...invoice, place }))}
      locale={locale}
    >
      <UnderWayNotice unpaid={invoices} currency={contract.currency} locale={locale} />
    </PayPart>
  )
}

/** Why there are no invoices to open, and what to do about it. */
async function AmountsOnly({ contract, locale }: { contract: PayableContract; locale: Locale }) {
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
            beside={(await isPaidHere(contract)) ? 'prove' : undefined}
          />
        </>
      )}
    </Card>
  )
}

/** `chosen`: invoices of a payment that is tried again; those of them that can be paid are checked and no others. */
async function Invoices({
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
  const table = invoiceTable({ ...contract, code: contract.contractCode }, invoices, locale)
  if (!(await isPaidHere(contract))) {
    return (
      <>
        <UnderWayNotice unpaid={invoices} currency={contract.currency} locale={locale} />
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
      <UnderWayNotice unpaid={invoices} currency={contract.currency} locale={locale} />
      {payable.some(({ beingPaid }) => beingPaid) && <Notice tone="wait">{t('byLink')}</Notice>}
      {payable.length > MOST_INVOICES && chosen.length === 0 && <Notice>{t('oldestChosen', most)}</Notice>}
      <PayForm
        {...begun}
        action={payAction}
        bills={handOver([{ table }])}
        totals={Object.fromEntries(payable.map(invoice => [invoice.id, invoice.total]))}
        most={MOST_INVOICES}
        again={chosen.length > 0 ? again.map(({ id }) => String(id)) : undefined}
        pattern={moneyPattern(currency, locale)}
        language={languageTag[locale]}
        note={delay + t('card', { country })}
        stopped={stoppedText(clock.now(), locale)}
        labels={{
          ...texts(t, ['payButton', 'countAgain']),
          chosen: t.raw(supplyOf(contract.billerCode) === 'fines' ? 'chosenFines' : 'chosen'),
        }}
        texts={words}
      />
    </>
  )
}
