// What is unpaid of one company: its contracts' invoices to choose from, and one payment for all that is chosen.
import { stoppedText } from '@/components/maintenance.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { FormTexts } from '@/components/use-form.ts'
import { supplyOf, wordsFor } from '@/lib/billers/supply.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { Debt } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { formatMoney, moneyPattern } from '@/lib/i18n/formats.ts'
import { type Locale, languageTag } from '@/lib/i18n/locale.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { chargesInterest } from '@/lib/ledger/interest-rules.ts'
import { payForm } from '@/lib/payments/forms.ts'
import { isPaymentOffered, takesParts } from '@/lib/payments/queries.ts'
import { MOST_INVOICES } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { handOver } from '@/lib/request/hand-over.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { perDayOn } from '@/lib/unpaid/clock-rules.ts'
import { payAction } from '../../contract-pay/actions.ts'
import { Bills, type ContractBills } from '../../contract-pay/bills.tsx'
import { PayForm } from '../../contract-pay/form.tsx'
import { invoiceTable } from '../../contract-pay/invoice-rows.ts'
import { isPayable, partPathOf, titledOf, type titlesOf } from './view.ts'

type Props = {
  /** Of the contracts of the page, in its order. */
  debts: [Debt, ...Debt[]]
  /** Ids of those to be checked at first; none: all, or one's own where others' are among them. */
  chosen: readonly number[]
  /** Ids of what somebody is paying by a link. */
  paidByLinks: readonly number[]
  titleOf: ReturnType<typeof titlesOf>
  isSecond: boolean
  words: FormTexts
  locale: Locale
}

export async function BillerForm(props: Props) {
  const { debts, paidByLinks, locale } = props
  const [{ contract }] = debts
  const t = translator(locale, 'unpaidInvoices')
  const payable = debts.filter(isPayable)
  const isOffered = await isPaymentOffered(contract.billerCode)
  const isToldBeingPaid = payable.some(({ id }) => paidByLinks.includes(id))
  return (
    <section className="stack" aria-labelledby={contract.billerCode}>
      <h2 id={contract.billerCode}>{contract.billerName}</h2>
      {isToldBeingPaid && <Notice tone="wait">{translator(locale, 'pay')('byLink')}</Notice>}
      {payable.length > 0 && isOffered ? (
        <Choice {...props} payable={payable as [Debt, ...Debt[]]} isToldBeingPaid={isToldBeingPaid} />
      ) : (
        <>
          {payable.length > 0 && <Notice>{translator(locale, 'pay')('errors.unavailable')}</Notice>}
          <Bills contracts={billsOf(props)} />
        </>
      )}
      {takesParts(contract.billerCode) && isOffered && payable.length > 0 && (
        <p className="actions print:hidden">
          <ButtonLink look="link" href={partPathOf(contract.billerCode)}>
            {t('part', { biller: contract.billerName })}
          </ButtonLink>
        </p>
      )}
    </section>
  )
}

async function Choice(props: Props & { payable: [Debt, ...Debt[]]; isToldBeingPaid: boolean }) {
  const { payable, chosen, isSecond, isToldBeingPaid, words, locale } = props
  const [{ contract, today }] = payable
  const { billerCode, billerName, currency, country } = contract
  const t = translator(locale, 'pay')
  const unpaid = translator(locale, 'unpaidInvoices')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const own = payable.filter(debt => debt.contract.isOwn)
  // What is not asked of the reader at first is not paid by the one button either.
  const overdue = (own.length > 0 ? own : payable).filter(debt => debt.overdue)
  const atFirst =
    chosen.length > 0
      ? payable.filter(({ id }) => chosen.includes(id))
      : own.length > 0
        ? own.slice(0, MOST_INVOICES)
        : undefined
  const perDay = payable.reduce((sum, debt) => sum + perDayOn(debt, today), 0)
  const begun = await showForm(
    payForm,
    // Whoever sends it has read so.
    { biller: billerCode, ...(isToldBeingPaid && { beingPaid: 'told' }) },
    { beside: isSecond ? billerCode : undefined },
  )
  const chosenText = supplyOf(billerCode) === 'fines' ? 'chosenFines' : 'chosen'
  return (
    <>
      {payable.length > MOST_INVOICES && <Notice>{t('oldestChosen', { most: MOST_INVOICES })}</Notice>}
      <PayForm
        {...begun}
        action={payAction}
        bills={handOver(billsOf(props))}
        totals={Object.fromEntries(payable.map(({ id, total }) => [id, total]))}
        most={MOST_INVOICES}
        again={atFirst?.map(({ id }) => String(id))}
        overdue={overdue.length < payable.length ? overdue.map(({ id }) => String(id)) : []}
        isSecond={isSecond}
        pattern={moneyPattern(currency, locale)}
        language={languageTag[locale]}
        note={`${perDay > 0 ? `${t('perDay', { amount: money(perDay) })} ` : ''}${t('card', { country })}`}
        stopped={stoppedText(clock.now(), locale)}
        labels={{
          ...texts(t, ['payButton', 'countAgain']),
          chosen: `${billerName}: ${t.raw(chosenText)}`,
          overdue: unpaid('onlyOverdue'),
          payOverdue: unpaid('payOverdue', { amount: money(sumOf(overdue, 'total')) }),
        }}
        texts={words}
      />
    </>
  )
}

/** Each contract beneath its title, with the way to pay it alone. */
const billsOf = ({ debts, titleOf, locale }: Props): ContractBills[] =>
  groupBy(debts, ({ contract }) => contract.id).map(invoices => {
    const [{ contract, counted, today }] = invoices
    const t = translator(locale, 'unpaidInvoices')
    const titled = titledOf(contract)
    const payable = invoices.filter(isPayable)
    const amount = formatMoney(sumOf(payable, 'total'), contract.currency, locale)
    return {
      head: {
        id: `contract-${contract.id}`,
        title: contractTitle(titled, locale),
        biller: contract.billerName,
        codeWord: translator(locale, 'words')('customerCode', wordsFor(titled.biller)),
        code: contract.code,
        pay:
          payable.length > 0
            ? {
                href: `/contracts/${contract.billerCode}/${contract.code}/pay`,
                label: t('pay', { amount }),
                says: t('payFor', { amount, contract: titleOf(contract) }),
              }
            : undefined,
      },
      table: invoiceTable(
        { ...contract, today, chargesInterest: chargesInterest(counted.terms) },
        invoices,
        locale,
      ),
    }
  })
