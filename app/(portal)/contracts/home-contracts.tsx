// The contracts of home: rows where there are a few, a table a biller where there are more.
import { supplyIcon, supplyIcons } from '@/components/biller-mark.tsx'
import { CodeLine } from '@/components/code-line.tsx'
import { ContractSearch } from '@/components/contract-search.tsx'
import { tabsOf } from '@/components/contract-tabs.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { type Column, type Row, Table } from '@/components/ui/table.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import type { HomeContract } from '@/lib/billing/home-queries.ts'
import { askedOf } from '@/lib/billing/home-rules.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { formatMoney, formatMonth, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { type Home, type HomeStanding, pathOf } from './home.ts'

/** From so many on they stand in tables, and from so many on there is a way to find one. */
export const TABLES_FROM = 6
export const MANY = 10

/** So many of a biller stand here, of those that owe and of those that do not; the others where contracts are looked for. */
const MOST_ROWS = 20

/** So many settled ones are folded away. */
const FOLDED_FROM = 2

export function ContractCards({ home: { standings, locale } }: { home: Home }) {
  const t = translator(locale, 'home')
  const icon = supplyIcons(standings.map(({ contract }) => contract))
  const listed = { someAreOwn: hasOwn(standings), titleOf: titlesOf(standings, locale), locale }
  return (
    <Card
      labelledBy="contracts"
      title={t('contracts')}
      action={
        <a className="more" href="/contracts/manage">
          {t('manage')}
        </a>
      }
    >
      <Rows
        rows={standings.map(standing => ({
          id: String(standing.contract.id),
          icon: icon(standing.contract.biller),
          title: contractTitle(standing.contract, locale),
          end: (
            <>
              <Amount standing={standing} locale={locale} />
              <StandingChip standing={standing} locale={locale} />
            </>
          ),
          ways: (
            <>
              <small className="w-full">
                <Note standing={standing} someAreOwn={listed.someAreOwn} locale={locale} />
              </small>
              <ContractWays standing={standing} listed={listed} />
            </>
          ),
        }))}
      />
      <Separately standings={standings} locale={locale} />
    </Card>
  )
}

/** What links are told apart by where contracts have one title. */
const titlesOf = (standings: HomeStanding[], locale: Locale) =>
  distinctTitles(
    standings.map(({ contract }) => contract),
    locale,
  )

/** How all contracts of home are listed. */
type Listed = { someAreOwn: boolean; titleOf: ReturnType<typeof titlesOf>; locale: Locale }

/** Others' contracts are marked beside one's own. */
const hasOwn = (standings: HomeStanding[]) => standings.some(({ contract }) => contract.isOwn)

type WaysProps = { standing: HomeStanding; listed: Listed }

/** Its pages, each by name; to pay only where there is something, and the page that says why there are no invoices to open. */
function ContractWays({ standing: { contract, due }, listed: { titleOf, locale } }: WaysProps) {
  const t = translator(locale, 'contractTabs')
  return tabsOf(contract.level)
    .filter(({ tab }) => tab !== 'pay' || due > 0 || contract.level === 'amounts')
    .map(({ tab }) => {
      const label =
        tab === 'pay' && due === 0
          ? translator(locale, 'home')('howToSee')
          : tab === 'history'
            ? t(tab, { supply: supplyOf(contract.biller.code) })
            : t(tab)
      return (
        <a key={tab} href={`${pathOf(contract)}/${tab}`} aria-label={`${label}: ${titleOf(contract)}`}>
          {label}
        </a>
      )
    })
}

function Note({
  standing: { contract },
  someAreOwn,
  locale,
}: {
  standing: HomeStanding
  someAreOwn: boolean
  locale: Locale
}) {
  return (
    <>
      <CodeLine contract={contract} locale={locale} />
      {notesOf(contract, someAreOwn, locale).map(note => ` · ${note}`)}
    </>
  )
}

/** Whose it is not, else that less is seen of it; and that it is closed. */
function notesOf({ level, isOwn, closedOn }: HomeContract, someAreOwn: boolean, locale: Locale): string[] {
  const t = translator(locale, 'home')
  const ofOthers = someAreOwn && !isOwn
  return [
    ...(ofOthers ? [t('notOwn')] : level === 'amounts' ? [t('amountsOnly')] : []),
    ...(closedOn ? [t('closed')] : []),
  ]
}

/** What is being paid is muted: it is not owed. */
function Amount({
  standing: { contract, state, due, waiting },
  locale,
}: {
  standing: HomeStanding
  locale: Locale
}) {
  if (state === 'settled') return null
  const money = formatMoney(due || waiting, contract.biller.currency, locale)
  return state === 'waiting' ? (
    <span className="block text-muted">{money}</span>
  ) : (
    <b className="block">{money}</b>
  )
}

function StandingChip({ standing: { state, first }, locale }: { standing: HomeStanding; locale: Locale }) {
  if (!first) return <Chip tone="good">{translator(locale, 'home')('settled')}</Chip>
  const { today, ...invoice } = first
  return (
    <Chip
      {...invoiceStatus({ ...invoice, state: state === 'overdue' ? 'overdue' : 'unpaid' }, today, locale)}
    />
  )
}

/** Several billers are several payments, and several currencies no sum. */
export function Separately({ standings, locale }: { standings: HomeStanding[]; locale: Locale }) {
  const billers = new Set(standings.filter(({ due }) => due > 0).map(({ contract }) => contract.biller.code))
  return billers.size > 1 && <small>{translator(locale, 'home')('separately')}</small>
}

export function ContractTables({ home: { standings, locale } }: { home: Home }) {
  const listed = { someAreOwn: hasOwn(standings), titleOf: titlesOf(standings, locale), locale }
  return (
    <>
      {standings.length >= MANY && <ContractSearch action="/contracts/manage" locale={locale} />}
      {groupBy(standings, ({ contract }) => contract.biller.code).map(some => (
        <OfBiller key={some[0].contract.biller.code} standings={some} listed={listed} />
      ))}
      <Separately standings={standings} locale={locale} />
    </>
  )
}

function OfBiller({ standings, listed }: { standings: [HomeStanding, ...HomeStanding[]]; listed: Listed }) {
  const { locale } = listed
  const t = translator(locale, 'home')
  const { code, name, currency } = standings[0].contract.biller
  const owing = askedOf(
    standings,
    standings.some(({ contract }) => contract.isOwn),
  )
  const settled = standings.filter(({ state }) => state === 'settled')
  const folded = settled.length >= FOLDED_FROM ? settled.slice(0, MOST_ROWS) : []
  const open = standings.filter(({ state }) => settled.length < FOLDED_FROM || state !== 'settled')
  const shown = open.slice(0, MOST_ROWS)
  const id = `biller-${code}`
  return (
    <Card
      labelledBy={id}
      title={
        <span className="flex items-center gap-2">
          <Icon name={supplyIcon(code)} />
          {name}
        </span>
      }
      action={
        owing.length > 0 && (
          <ButtonLink
            look="secondary"
            href={
              owing.length === 1
                ? `${pathOf(owing[0]!.contract)}/pay`
                : `/invoices/unpaid${owing.length > MOST_ROWS ? '?biller=' : '#'}${code}`
            }
          >
            {t('pay', { amount: formatMoney(sumOf(owing, 'due'), currency, locale) })}
          </ButtonLink>
        )
      }
    >
      {shown.length > 0 && (
        <Table
          caption={t('contractsOf', { biller: name })}
          columns={columnsOf(shown, locale)}
          rows={rowsOf(shown, listed)}
        />
      )}
      {folded.length > 0 && (
        <details open={shown.length === 0}>
          <summary className="more">{t('settledCount', { count: settled.length })}</summary>
          <Table
            caption={t('settledOf', { biller: name })}
            columns={columnsOf(folded, locale)}
            rows={rowsOf(folded, listed)}
          />
        </details>
      )}
      {shown.length + folded.length < standings.length && (
        <p className="actions">
          <a href={`/contracts/manage?search=${encodeURIComponent(name)}`}>
            {t('allOf', { count: standings.length, biller: name })}
          </a>
        </p>
      )}
    </Card>
  )
}

const payLabel = ({ contract, due }: HomeStanding, { titleOf, locale }: Listed) =>
  translator(locale, 'home')('payFor', {
    amount: formatMoney(due, contract.biller.currency, locale),
    contract: titleOf(contract),
  })

/** The newest month that one of them was billed for heads the units: nearly all were billed for that one. */
const newestMonth = (standings: HomeStanding[]) =>
  standings
    .flatMap(({ contract }) => (contract.latest?.units ? contract.latest.period : []))
    .toSorted()
    .at(-1)

function columnsOf(standings: HomeStanding[], locale: Locale): Column[] {
  const t = translator(locale, 'home')
  const month = newestMonth(standings)
  const units: Column[] = month
    ? [{ key: 'units', label: formatMonth(month, locale), amount: true, place: 'desktop' }]
    : []
  return [
    { key: 'contract', label: t('contract') },
    { key: 'code', label: t('code'), place: 'sub' },
    ...units,
    { key: 'due', label: t('toPay'), amount: true },
    { key: 'status', label: t('status'), place: 'status' },
  ]
}

function rowsOf(standings: HomeStanding[], listed: Listed): Row[] {
  const { someAreOwn, locale } = listed
  const month = newestMonth(standings)
  return standings.map(standing => {
    const { contract } = standing
    const { latest, level } = contract
    const notes = notesOf(contract, someAreOwn, locale)
    return {
      id: String(contract.id),
      cells: {
        contract: (
          <a href={`${pathOf(contract)}/${level === 'amounts' ? 'pay' : 'history'}`}>
            {contractTitle(contract, locale)}
          </a>
        ),
        code: (
          <>
            <span className="code">{contract.code}</span>{' '}
            {notes.length > 0 && <small>{notes.join(' · ')}</small>}
          </>
        ),
        units:
          latest?.units && latest.period === month
            ? formatUnits(latest.units, contract.biller.unit, locale)
            : undefined,
        due:
          standing.due > 0 ? (
            <a href={`${pathOf(contract)}/pay`} aria-label={payLabel(standing, listed)}>
              <Amount standing={standing} locale={locale} />
            </a>
          ) : (
            <Amount standing={standing} locale={locale} />
          ),
        status: <StandingChip standing={standing} locale={locale} />,
      },
    }
  })
}
