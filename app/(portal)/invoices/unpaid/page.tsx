// What is unpaid of all contracts, to choose from and to pay: a payment for each company.
import { notFound } from 'next/navigation'
import { Pages } from '@/components/contract-search.tsx'
import { DeclinedBefore } from '@/components/declined-before.tsx'
import { formTexts } from '@/components/form.tsx'
import { InDoubt } from '@/components/in-doubt.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { amountsOf } from '@/lib/billing/amounts.ts'
import { leadingOf, standingsOf } from '@/lib/billing/home-rules.ts'
import { listDebts } from '@/lib/billing/queries.ts'
import type { Debt, UnpaidInvoice } from '@/lib/billing/schema.ts'
import { groupBy } from '@/lib/billing/statement-rules.ts'
import { pageOf } from '@/lib/contracts/search.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { listHomeAttempts } from '@/lib/payments/home-attempts.ts'
import { getChosenBefore, listPaidByLinks, takesParts } from '@/lib/payments/queries.ts'
import { MOST_CONTRACTS, parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { askPath, listFormats, planPath } from '@/lib/unpaid/schema.ts'
import { BillerForm } from './biller-form.tsx'
import { PartOfBiller } from './biller-part.tsx'
import { invoicesIn, isPayable, titlesOf, unpaidPath } from './view.ts'

/** So many contracts stand on a page, each with its invoices; of those chosen before, so many as go into one payment. */
const PAGE = 25

type Query = 'biller' | 'page' | 'invoice' | 'payment' | 'part' | 'amount'
type Asked = Awaited<PageProps<never, Query>['searchParams']>

export default async function UnpaidInvoicesPage({ searchParams }: PageProps<never, Query>) {
  const customer = await requireCustomer()
  const [{ debts }, { inDoubt }] = await Promise.all([
    listDebts(customer, clock.now()),
    listHomeAttempts(customer),
  ])
  const locale = await getLocale()
  const t = translator(locale, 'unpaidInvoices')
  if (debts.length === 0) {
    return (
      <PageShell
        title={t('empty')}
        sky={<ClearSky title={t('empty')} text={t('emptyText')} home={t('home')} />}
      >
        <InDoubt inDoubt={inDoubt} locale={locale} />
      </PageShell>
    )
  }
  const query = await searchParams
  const contracts = [...new Map(debts.map(({ contract }) => [contract.id, contract])).values()]
  // Links of contracts that have one title are told apart.
  const titleOf = titlesOf(debts, locale)
  if (query.part !== undefined) {
    const ofBiller = debts.filter(({ contract }) => contract.billerCode === query.biller)
    const [first] = ofBiller
    if (!first || !takesParts(first.contract.billerCode)) notFound()
    return <PartOfBiller debts={ofBiller} typed={query.amount} titleOf={titleOf} locale={locale} />
  }
  const standings = standingsOf(contracts, debts)
  // A payment in doubt holds invoices no longer once they are paid otherwise: nothing else here tells of it.
  const told = new Set(debts.map(({ underWay }) => underWay?.attemptId))
  const { again, chosen, isAll, kept, shown, page, pages } = await shownOf(customer, query, standings, debts)
  return (
    <PageShell title={t('title')} lead={<Lead debts={debts} standings={standings} locale={locale} />} wide>
      {again && <DeclinedBefore attempt={again} locale={locale} />}
      <InDoubt inDoubt={inDoubt.filter(({ id }) => !told.has(id))} locale={locale} />
      <UnderWayNotice unpaid={debts} titleOf={titleOf} locale={locale} />
      <Ways debts={debts} isAll={isAll} locale={locale} />
      <Forms contracts={shown} debts={debts} chosen={chosen} titleOf={titleOf} locale={locale} />
      <Pages action={unpaidPath} kept={kept} page={page} pages={pages} locale={locale} />
    </PageShell>
  )
}

/** Which contracts the page shows: all, those of a company, or those of which invoices were chosen before. */
async function shownOf(
  customer: Customer,
  { biller, invoice, payment, page }: Asked,
  standings: { contract: Debt['contract'] }[],
  debts: readonly Debt[],
) {
  const id = parseAttemptId(String(payment))
  const again = id && (await getChosenBefore(customer, id))
  const ids = new Set(again ? again.invoices : invoicesIn(String(invoice)))
  const named = debts.filter(debt => ids.has(debt.id) && isPayable(debt))
  const chosenOf = new Set(named.map(({ contract }) => contract.id))
  const some = standings.filter(({ contract }) =>
    named.length > 0 ? chosenOf.has(contract.id) : contract.billerCode === biller,
  )
  const listed = some.length > 0 ? some : standings
  const kept =
    named.length > 0
      ? again
        ? { payment: id }
        : { invoice: String(invoice) }
      : { biller: some[0]?.contract.billerCode }
  return {
    ...pageOf(listed, page, named.length > 0 ? MOST_CONTRACTS : PAGE),
    again,
    chosen: named.map(({ id }) => id),
    isAll: listed.length === standings.length,
    kept,
  }
}

/** A form for each company, in the order of its first contract. */
async function Forms({
  contracts,
  debts,
  chosen,
  titleOf,
  locale,
}: {
  contracts: readonly { contract: Debt['contract'] }[]
  debts: readonly Debt[]
  chosen: number[]
  titleOf: ReturnType<typeof titlesOf>
  locale: Locale
}) {
  const paidByLinks = await listPaidByLinks(contracts.map(({ contract }) => contract.id))
  const words = await formTexts()
  const byContract = Map.groupBy(debts, ({ contract }) => contract.id)
  return groupBy(contracts, ({ contract }) => contract.billerCode).map((some, index) => {
    const [{ contract }] = some
    return (
      <BillerForm
        key={contract.billerCode}
        debts={some.flatMap(({ contract: { id } }) => byContract.get(id)!) as [Debt, ...Debt[]]}
        chosen={chosen}
        paidByLinks={paidByLinks}
        titleOf={titleOf}
        isSecond={index > 0}
        words={words}
        locale={locale}
      />
    )
  })
}

/** What there is to pay, one's own before others', and what a day of waiting costs. */
function Lead({
  debts,
  standings,
  locale,
}: {
  debts: Debt[]
  standings: Parameters<typeof leadingOf<Debt['contract'], Debt>>[0]
  locale: Locale
}) {
  const t = translator(locale, 'unpaidInvoices')
  const { leading, others } = leadingOf(standings)
  const billers = new Set(debts.filter(isPayable).map(({ contract }) => contract.billerCode))
  const sums = [['sum', leading] as const, ['others', others] as const].flatMap(([key, some]) => {
    const owed = payableOf(some, debts)
    return owed.length > 0 ? [{ key, owed }] : []
  })
  if (sums.length === 0) return null
  return (
    <>
      {sums.map(({ key, owed }) => (
        <p key={key} className="lead">
          {t(key, {
            amounts: amountsOf(owed, locale),
            interest: owed.some(({ interest }) => interest > 0) ? 'yes' : 'no',
          })}
        </p>
      ))}
      {billers.size > 1 && <p className="text-muted">{translator(locale, 'home')('separately')}</p>}
    </>
  )
}

/** To what else can be done with what is unpaid. `isAll`: nothing of it is left out here. */
function Ways({ debts, isAll, locale }: { debts: Debt[]; isAll: boolean; locale: Locale }) {
  const t = translator(locale, 'unpaidInvoices')
  const list = translator(locale, 'unpaidList')
  return (
    <p className="actions">
      {!isAll && <a href={unpaidPath}>{t('all')}</a>}
      {debts.filter(isPayable).length > 1 && (
        <a href={planPath}>{translator(locale, 'unpaidPlan')('link')}</a>
      )}
      {debts.some(isPayable) && <a href="/pay-links">{t('sendLink')}</a>}
      {listFormats.map(format => (
        <a key={format} href={askPath(format)}>
          {list(format === 'pdf' ? 'asPdf' : 'asCsv')}
        </a>
      ))}
    </p>
  )
}

const payableOf = (standings: { contract: { id: number } }[], invoices: UnpaidInvoice[]) => {
  const ids = new Set(standings.map(({ contract }) => contract.id))
  return invoices.filter(invoice => isPayable(invoice) && ids.has(invoice.contract.id))
}
