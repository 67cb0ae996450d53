// All requests and complaints of the customer, and the way to a new one: of several contracts it is asked which.
import { supplyIcons } from '@/components/biller-mark.tsx'
import { CodeLine } from '@/components/code-line.tsx'
import { ContractSearch, Pages, searchOf } from '@/components/contract-search.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { hearsKind, type RequestCode, readKind } from '@/lib/cases/catalogue.ts'
import { listRequests } from '@/lib/cases/request-queries.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { type ContractSummary, listContracts } from '@/lib/contracts/queries.ts'
import { CONTRACTS_PAGE, findContracts, pageOf } from '@/lib/contracts/search.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { chosenOf, RequestList } from './list.tsx'

export default async function RequestsPage({
  searchParams,
}: PageProps<never, 'show' | 'after' | 'new' | 'kind' | 'search' | 'page'>) {
  const customer = await requireCustomer()
  const query = await searchParams
  const chosen = chosenOf(query)
  const [list, contracts] = await Promise.all([
    listRequests(customer, chosen, clock.now()),
    listContracts(customer),
  ])
  const open = contracts.filter(({ level }) => level !== 'amounts')
  const [first] = open
  const t = await getTranslations('requests')
  const locale = await getLocale()
  const create = first && (open.length === 1 ? newOf(first) : '/requests?new')
  const kind = readKind(query.kind)
  const choices = kind ? open.filter(({ biller }) => hearsKind(biller.code, kind)) : open
  const isChoice = query.new !== undefined && choices.length > 1
  return (
    <PageShell
      title={t('title')}
      action={
        create &&
        !isChoice &&
        list.counts.all > 0 && (
          <ButtonLink href={create} icon="plus">
            {t('new')}
          </ButtonLink>
        )
      }
      wide
    >
      {isChoice && (
        <Choice
          contracts={choices}
          kind={kind}
          search={searchOf(query.search)}
          page={query.page}
          locale={locale}
        />
      )}
      {!create && <NoContract hasAny={contracts.length > 0} locale={locale} />}
      {(create || list.counts.all > 0) && !isChoice && (
        <RequestList
          {...chosen}
          list={list}
          path="/requests"
          ofContract={contracts.length === 1 || undefined}
          create={create}
          about={first?.biller ?? { code: 'oshee', country: 'AL' }}
          locale={locale}
        />
      )}
    </PageShell>
  )
}

const newOf = ({ biller, code }: ContractSummary, kind?: RequestCode) =>
  `${newRequestPath({ biller: biller.code, code })}${kind ? `?kind=${kind}` : ''}`

/** `kind`: what it will be about, where that is known already. */

function Choice({
  contracts,
  kind,
  search,
  page: asked,
  locale,
}: {
  contracts: ContractSummary[]
  kind: RequestCode | undefined
  search: string
  page: unknown
  locale: Locale
}) {
  const found = findContracts(contracts, search)
  const { shown, page, pages } = pageOf(found, asked)
  const address = { action: '/requests', kept: { new: 'yes', ...(kind && { kind }) } }
  const icon = supplyIcons(contracts)
  return (
    <>
      {(contracts.length > CONTRACTS_PAGE || search) && (
        <ContractSearch {...address} search={search} locale={locale} />
      )}
      <Card labelledBy="choose" title={translator(locale, 'requests')('choose.title')}>
        {found.length === 0 && <p>{translator(locale, 'manage')('found', { count: 0 })}</p>}
        <Rows
          rows={shown.map(contract => ({
            id: String(contract.id),
            href: newOf(contract, kind),
            icon: icon(contract.biller),
            title: contractTitle(contract, locale),
            note: <CodeLine contract={contract} locale={locale} />,
          }))}
        />
        <Pages {...address} kept={{ ...address.kept, search }} page={page} pages={pages} locale={locale} />
      </Card>
    </>
  )
}

function NoContract({ hasAny, locale }: { hasAny: boolean; locale: Locale }) {
  const t = translator(locale, 'requests')
  return (
    <>
      <Notice>{t(hasAny ? 'amountsOnly' : 'noContract')}</Notice>
      <p className="actions">
        {hasAny ? (
          <ButtonLink href="/contracts">{translator(locale, 'usage')('toContracts')}</ButtonLink>
        ) : (
          <ButtonLink href="/contracts/add">{translator(locale, 'words')('addContract')}</ButtonLink>
        )}
      </p>
    </>
  )
}
