// Below the sky of home: what was used, what is unpaid, and the ways on from here.
import { CodeLine } from '@/components/code-line.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { ThresholdNotice } from '@/components/threshold-notice.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import type { IconName } from '@/components/ui/icon.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { UsageNews } from '@/components/usage-news.tsx'
import { YearChart } from '@/components/year-chart.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import { consumptionMonths, consumptionNews, isStale } from '@/lib/billing/consumption.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { findingWords } from '@/lib/billing/finding-words.ts'
import type { homeFinding } from '@/lib/billing/home-finding.ts'
import type { HomeContract } from '@/lib/billing/home-queries.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { comparePath, type UnpaidInvoice } from '@/lib/billing/schema.ts'
import { partWords } from '@/lib/billing/under-way-words.ts'
import { formatMoney, formatMonth, formatNearDay, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { type Home, pathOf } from './home.ts'

/** One line of what was found in bills and payments; what can be done stands on the contract's page. */
export function FoundLine({
  found,
  isOne,
  locale,
}: {
  found: ReturnType<typeof homeFinding>
  isOne: boolean
  locale: Locale
}) {
  if (!found) return null
  const { contract, finding } = found
  const t = translator(locale, 'findings')
  const words = findingWords(finding, contract.biller, locale)
  // What is said of a payment names both contracts.
  const isNamed = isOne || finding.kind === 'wrongSlip'
  return (
    <Notice>
      <p>
        {t.rich('see', {
          finding: isNamed ? words : t('of', { contract: contractTitle(contract, locale), finding: words }),
          link: linkTo(`${pathOf(contract)}/history`),
        })}
      </p>
    </Notice>
  )
}

/** A year of each of a few contracts: the last month in figures, the twelve as a picture. */
export function UsageCard({ home: { standings, locale, now } }: { home: Home }) {
  const t = translator(locale, 'home')
  const used = standings.flatMap(({ contract }) => {
    if (contract.biller.unit === 'none' || !contract.latest || !contract.year) return []
    const months = consumptionMonths(contract.year, contract.latest.period)
    const news = consumptionNews(months)
    return news ? [{ contract, months, news, today: dayIn(contract.biller.timeZone, now) }] : []
  })
  const isOne = standings.length === 1
  const [only] = used
  if (!only) return null
  return (
    <Card
      labelledBy="usage"
      title={t('usage')}
      action={
        isOne && (
          <a className="more" href={`${pathOf(only.contract)}/history`}>
            {t('year')}
          </a>
        )
      }
    >
      {used.map(({ contract, months, news, today }) => (
        <div key={contract.id}>
          {!isOne && (
            <p>
              <a href={`${pathOf(contract)}/history`}>{contractTitle(contract, locale)}</a>
            </p>
          )}
          <div className="duo">
            <p>
              <b className="figure">{formatUnits(news.units, contract.biller.unit, locale)}</b>
              <br />
              <UsageNews news={news} today={today} locale={locale} />
              {news.percent !== null && (
                <>
                  <br />
                  <a href={comparePath(contract.latest!.id)}>{translator(locale, 'compare')('why')}</a>
                </>
              )}
              {isStale(news.period, today) && <small>{t('noneSince')}</small>}
            </p>
            <YearChart months={months} height={56} />
          </div>
          {contract.threshold && (
            <div className="mt-3">
              <ThresholdNotice
                threshold={contract.threshold}
                currency={contract.biller.currency}
                locale={locale}
              />
            </div>
          )}
        </div>
      ))}
    </Card>
  )
}

/** So many rows at most; the rest stands on the page of all. */
const MOST_ROWS = 5

export function UnpaidCard({ home: { unpaid, standings, locale } }: { home: Home }) {
  if (unpaid.length === 0) return null
  const t = translator(locale, 'home')
  const byId = new Map(standings.map(({ contract }) => [contract.id, contract]))
  const contractOf = (invoice: UnpaidInvoice) => byId.get(invoice.contract.id)!
  return (
    <Card
      labelledBy="unpaid"
      title={t('unpaid')}
      action={
        <a className="more" href="/invoices/unpaid">
          {t('all')}
        </a>
      }
    >
      <Rows
        rows={standings
          .flatMap(({ contract }) => unpaid.filter(invoice => invoice.contract.id === contract.id))
          .slice(0, MOST_ROWS)
          .map(invoice => ({
            id: String(invoice.id),
            href:
              invoice.contract.level === 'amounts'
                ? `/contracts/${invoice.contract.billerCode}/${invoice.contract.code}/pay`
                : `/invoices/${invoice.id}`,
            title: formatMonth(invoice.period, locale),
            note: (
              <>
                <PartNote invoice={invoice} locale={locale} />
                {noteOf(invoice, contractOf(invoice), standings.length > 1, locale)}
              </>
            ),
            end: <InvoiceEnd invoice={invoice} locale={locale} />,
          }))}
      />
    </Card>
  )
}

function noteOf(invoice: UnpaidInvoice, contract: HomeContract, isNamed: boolean, locale: Locale): string {
  const t = translator(locale, 'home')
  const { units, interest, dueOn, today } = invoice
  const { unit } = contract.biller
  return [
    isNamed && contractTitle(contract, locale),
    units && unit !== 'none' && formatUnits(units, unit, locale),
    interest > 0
      ? t('withInterest', { amount: formatMoney(interest, invoice.contract.currency, locale) })
      : t('dueOn', { day: formatNearDay(dueOn, today, locale) }),
  ]
    .filter(Boolean)
    .join(' · ')
}

type InvoiceProps = { invoice: UnpaidInvoice; locale: Locale }

function InvoiceEnd({ invoice, locale }: InvoiceProps) {
  const { total, contract, underWay } = invoice
  const money = formatMoney(total, contract.currency, locale)
  return (
    <>
      {underWay ? <span className="block text-muted">{money}</span> : <b className="block">{money}</b>}
      {!underWay?.rest && <Status invoice={invoice} locale={locale} />}
    </>
  )
}

/** Where a part of it is being paid, which is too much to say beside the month on a phone. */
function PartNote({ invoice, locale }: InvoiceProps) {
  const { underWay, total, contract } = invoice
  const part = partWords(underWay, total, contract.currency, locale)
  if (!part) return null
  return (
    <>
      <Status invoice={invoice} locale={locale} />
      <span className="block">{part}</span>
    </>
  )
}

const Status = ({ invoice, locale }: InvoiceProps) => (
  <Chip
    {...invoiceStatus({ ...invoice, state: invoice.overdue ? 'overdue' : 'unpaid' }, invoice.today, locale)}
  />
)

/** Of the only contract: what it is, and its pages. */
export function ContractSide({ contract, locale }: { contract: HomeContract; locale: Locale }) {
  const t = translator(locale, 'home')
  const { level, alias, closedOn } = contract
  const path = pathOf(contract)
  const row = (id: string, icon: IconName, href: string, title: string, note?: string) => ({
    id,
    icon,
    href,
    title,
    note,
  })
  return (
    <Card labelledBy="contract" title={contractTitle(contract, locale)}>
      <p className="text-sm text-muted">
        <CodeLine contract={contract} locale={locale} />
        {closedOn && ` · ${t('closed')}`}
      </p>
      <Rows
        rows={[
          ...(level === 'amounts'
            ? [row('why', 'help', `${path}/pay`, t('howToSee'), t('amountsOnly'))]
            : [
                row(
                  'history',
                  'usage',
                  `${path}/history`,
                  t('history', { supply: supplyOf(contract.biller.code) }),
                ),
                row(
                  'info',
                  'doc',
                  `${path}/info`,
                  t('info'),
                  level === 'masked' ? t('whyMasked') : undefined,
                ),
              ]),
          ...(level === 'holder' ? [row('access', 'access', `${path}/access`, t('access'))] : []),
          ...(alias ? [] : [row('name', 'pen', '/contracts/manage', t('nameIt'))]),
        ]}
      />
    </Card>
  )
}

/** What belongs to no contract. */
export function Ways({ home: { standings, locale } }: { home: Home }) {
  const t = translator(locale, 'home')
  const reading = translator(locale, 'reading')
  const requests = standings.flatMap(({ contract }) => contract.openRequests)
  return (
    <Card labelledBy="ways" title={t('ways')}>
      <Rows
        rows={[
          {
            id: 'requests',
            icon: 'request',
            href: '/requests',
            title: t('requests'),
            note: requests.length > 0 ? t('openRequests', { count: requests.length }) : undefined,
            end: requests.some(({ isExpected }) => isExpected) ? (
              <Chip tone="wait">{t('requestExpected')}</Chip>
            ) : (
              requests.some(({ isLate }) => isLate) && <Chip tone="bad">{t('requestLate')}</Chip>
            ),
          },
          ...(standings.some(({ contract }) => contract.level === 'holder')
            ? [{ id: 'certificates', icon: 'doc' as const, href: '/certificates', title: t('certificates') }]
            : []),
          ...(standings.some(
            ({ contract: { level, biller, meterRemote } }) =>
              level !== 'amounts' && biller.unit !== 'none' && !meterRemote,
          )
            ? [
                {
                  id: 'reading',
                  icon: 'meter' as const,
                  href: '/readings',
                  title: reading('menu'),
                  note: reading('photoNote'),
                },
              ]
            : []),
          { id: 'payments', icon: 'seal', href: '/account/payments', title: t('payments') },
          { id: 'manage', icon: 'doc', href: '/contracts/manage', title: t('manage') },
          { id: 'add', icon: 'plus', href: '/contracts/add', title: t('add') },
          { id: 'help', icon: 'help', href: '/help', title: t('help') },
        ]}
      />
    </Card>
  )
}
