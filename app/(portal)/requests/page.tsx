// All requests and complaints of the customer, and the way to a new one: of several contracts it is asked which.
import { CodeLine } from '@/components/code-line.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { listRequests } from '@/lib/cases/request-queries.ts'
import { type ContractSummary, listContracts } from '@/lib/contracts/queries.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { chosenOf, RequestList } from './list.tsx'

export default async function RequestsPage({ searchParams }: PageProps<never, 'show' | 'after' | 'new'>) {
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
  const isChoice = query.new !== undefined && open.length > 1
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
      {isChoice && <Choice contracts={open} locale={locale} />}
      {!create && <NoContract hasAny={contracts.length > 0} locale={locale} />}
      {(create || list.counts.all > 0) && !isChoice && (
        <RequestList
          {...chosen}
          list={list}
          path="/requests"
          ofContract={contracts.length === 1 || undefined}
          create={create}
          country={first?.biller.country ?? 'AL'}
          locale={locale}
        />
      )}
    </PageShell>
  )
}

const newOf = ({ biller, code }: ContractSummary) => `/contracts/${biller.code}/${code}/requests/new`

function Choice({ contracts, locale }: { contracts: ContractSummary[]; locale: Locale }) {
  return (
    <Card labelledBy="choose" title={translator(locale, 'requests')('choose.title')}>
      <Rows
        rows={contracts.map(contract => ({
          id: String(contract.id),
          href: newOf(contract),
          title: contractTitle(contract, locale),
          note: <CodeLine contract={contract} locale={locale} />,
        }))}
      />
    </Card>
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
