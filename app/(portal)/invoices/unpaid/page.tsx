// What is unpaid of all contracts, each with its way to pay, in the order of home.
import { CodeLine } from '@/components/code-line.tsx'
import { Pages } from '@/components/contract-search.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ClearSky } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Table } from '@/components/ui/table.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { amountsOf } from '@/lib/billing/amounts.ts'
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import { leadingOf, standingsOf } from '@/lib/billing/home-rules.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { listDebts } from '@/lib/billing/queries.ts'
import type { Debt, UnpaidInvoice } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { pageOf } from '@/lib/contracts/search.ts'
import { formatAmount, formatDay, formatMoney, formatMonth, formatNearDay } from '@/lib/i18n/formats.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { perDayOn } from '@/lib/unpaid/clock-rules.ts'
import { askPath, listFormats, planPath } from '@/lib/unpaid/schema.ts'

/** So many contracts stand on a page, each with its invoices. */
const PAGE = 25

export default async function UnpaidInvoicesPage({ searchParams }: PageProps<never, 'biller' | 'page'>) {
  const customer = await requireCustomer()
  const { debts: invoices } = await listDebts(customer, clock.now())
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const plan = translator(locale, 'unpaidPlan')
  const list = translator(locale, 'unpaidList')
  if (invoices.length === 0) {
    return (
      <PageShell
        title={t('empty')}
        sky={<ClearSky title={t('empty')} text={t('emptyText')} home={t('home')} />}
      >
        {null}
      </PageShell>
    )
  }
  const contracts = [...new Map(invoices.map(({ contract }) => [contract.id, contract])).values()]
  const standings = standingsOf(contracts, invoices)
  const query = await searchParams
  const ofBiller = standings.filter(({ contract }) => contract.billerCode === query.biller)
  const listed = pageOf(ofBiller.length > 0 ? ofBiller : standings, query.page, PAGE)
  const isOnly = standings.filter(({ due }) => due > 0).length === 1
  // Links of contracts that have one title are told apart.
  const titleOf = distinctTitles(contracts.map(titledOf), locale)
  const byContract = Map.groupBy(invoices, ({ contract }) => contract.id)
  // Where a way leads to all of a company.
  const anchors = new Map(
    standings.map(({ contract }) => [contract.billerCode, contract.id] as const).toReversed(),
  )
  const { leading, others } = leadingOf(standings)
  const sums = [['sum', leading] as const, ['others', others] as const].flatMap(([key, some]) => {
    const owed = payableOf(some, invoices)
    return owed.length > 0 ? { key, owed } : []
  })
  return (
    <PageShell
      title={t('title')}
      lead={
        sums.length > 0 && (
          <>
            {sums.map(({ key, owed }) => (
              <p key={key} className="lead">
                {t(key, {
                  amounts: amountsOf(owed, locale),
                  interest: owed.some(({ interest }) => interest > 0) ? 'yes' : 'no',
                })}
              </p>
            ))}
            <p className="text-muted">
              {costsPerDay(invoices).map(({ currency, perDay }) => (
                <span key={currency}>
                  {translator(locale, 'pay')('perDay', {
                    amount: formatMoney(perDay, currency, locale),
                  })}{' '}
                </span>
              ))}
            </p>
          </>
        )
      }
      wide
    >
      <UnderWayNotice unpaid={invoices} locale={locale} />
      <p className="actions">
        {invoices.filter(isPayable).length > 1 && <a href={planPath}>{plan('link')}</a>}
        <a href="/pay-links">{t('sendLink')}</a>
        {listFormats.map(format => (
          <a key={format} href={askPath(format)}>
            {list(format === 'pdf' ? 'asPdf' : 'asCsv')}
          </a>
        ))}
      </p>
      {ofBiller.length > 0 && (
        <p className="actions">
          <b>{ofBiller[0]!.contract.billerName}</b>
          <a href="/invoices/unpaid">{t('all')}</a>
        </p>
      )}
      {listed.shown.map(({ contract }) => (
        <div
          key={contract.id}
          id={anchors.get(contract.billerCode) === contract.id ? contract.billerCode : undefined}
        >
          <UnpaidOfContract invoices={byContract.get(contract.id)!} isOnly={isOnly} titleOf={titleOf} />
        </div>
      ))}
      <Pages
        action="/invoices/unpaid"
        kept={{ biller: ofBiller[0]?.contract.billerCode }}
        page={listed.page}
        pages={listed.pages}
        locale={locale}
      />
    </PageShell>
  )
}

const titledOf = (contract: UnpaidInvoice['contract']) => ({
  ...contract,
  biller: { code: contract.billerCode, name: contract.billerName, country: contract.country },
})
/** What a day of waiting costs, a currency each, where it costs anything. */
const costsPerDay = (invoices: Debt[]) =>
  groupBy(invoices.filter(isPayable), ({ contract }) => contract.currency)
    .map(some => ({
      currency: some[0].contract.currency,
      perDay: some.reduce((sum, debt) => sum + perDayOn(debt, debt.today), 0),
    }))
    .filter(({ perDay }) => perDay > 0)

/** What the bank has is not owed. */
const isPayable = ({ underWay }: UnpaidInvoice) => !underWay

const payableOf = (standings: { contract: { id: number } }[], invoices: UnpaidInvoice[]) => {
  const ids = new Set(standings.map(({ contract }) => contract.id))
  return invoices.filter(invoice => isPayable(invoice) && ids.has(invoice.contract.id))
}

/** `isOnly`: nothing else is to be paid; several are equals, and none of their buttons is the page's amber one. */
async function UnpaidOfContract({
  invoices,
  isOnly,
  titleOf,
}: {
  invoices: UnpaidInvoice[]
  isOnly: boolean
  titleOf: ReturnType<typeof distinctTitles>
}) {
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const { contract } = invoices[0]!
  const heading = `contract-${contract.id}`
  const payable = invoices.filter(isPayable)
  const sum = formatMoney(sumOf(payable, 'total'), contract.currency, locale)
  const titled = titledOf(contract)
  return (
    <Card labelledBy={heading}>
      <div className="card-head">
        <div className="min-w-0 wrap-anywhere">
          <h2 id={heading}>{contractTitle(titled, locale)}</h2>
          <small>
            <CodeLine contract={titled} locale={locale} />
          </small>
        </div>
        {payable.length > 0 && (
          <ButtonLink
            href={`/contracts/${contract.billerCode}/${contract.code}/pay`}
            aria-label={t('payFor', { amount: sum, contract: titleOf(titled) })}
            icon="pay"
            look={isOnly ? 'primary' : 'secondary'}
          >
            {t('pay', { amount: sum })}
          </ButtonLink>
        )}
      </div>
      <InvoiceList invoices={invoices} />
    </Card>
  )
}

async function InvoiceList({ invoices }: { invoices: UnpaidInvoice[] }) {
  const t = await getTranslations('unpaidInvoices')
  const locale = await getLocale()
  const { contract } = invoices[0]!
  const { currency, country } = contract
  const supply = supplyOf(contract.billerCode)
  const opens = contract.level !== 'amounts'
  const parts = (['principal', 'tvTax', 'interest'] as const).filter(
    part => part !== 'tvTax' || invoices.some(({ tvTax }) => tvTax > 0),
  )
  return (
    <Table
      caption={t('tableOf', { contract: contract.code, supply })}
      columns={[
        { key: 'month', label: t('month') },
        ...(opens ? [{ key: 'number', label: t('number', { supply }), place: 'desktop' as const }] : []),
        { key: 'dueOn', label: t('dueOn'), place: 'sub' },
        ...parts.map(key => ({ key, label: t(key), amount: true, place: 'tablet' as const })),
        { key: 'total', label: t('total', { country }), amount: true },
        { key: 'status', label: t('status'), hiddenLabel: true, place: 'status' },
      ]}
      rows={invoices.map(invoice => {
        const month = formatMonth(invoice.period, locale)
        const total = formatMoney(invoice.total, currency, locale)
        const state = invoice.overdue ? 'overdue' : 'unpaid'
        return {
          id: String(invoice.id),
          cells: {
            month: opens ? <a href={`/invoices/${invoice.id}`}>{month}</a> : month,
            number: invoice.number,
            dueOn: (
              <>
                <span className="sm:hidden">
                  {t('dueBy', { day: formatNearDay(invoice.dueOn, invoice.today, locale) })}
                </span>
                <span className="hidden sm:inline">{formatDay(invoice.dueOn, locale)}</span>
              </>
            ),
            ...Object.fromEntries(parts.map(part => [part, formatAmount(invoice[part], currency, locale)])),
            total: isPayable(invoice) ? <b>{total}</b> : <span className="text-muted">{total}</span>,
            status: <Chip {...invoiceStatus({ ...invoice, state }, invoice.today, locale)} />,
          },
        }
      })}
    />
  )
}
