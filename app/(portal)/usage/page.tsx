// The way to the history: of the only contract at once, else which one.
import { redirect } from 'next/navigation'
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
import { type HomeContract, listHomeContracts } from '@/lib/billing/home-queries.ts'
import { CONTRACTS_PAGE, findContracts, pageOf } from '@/lib/contracts/search.ts'
import { formatMonth, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function UsagePage({ searchParams }: PageProps<never, 'search' | 'page'>) {
  const customer = await requireCustomer()
  const contracts = (await listHomeContracts(customer, clock.now())).filter(({ isRefused }) => !isRefused)
  const seen = contracts.filter(({ level }) => level !== 'amounts')
  const [only] = seen
  if (only && seen.length === 1) redirect(`/contracts/${only.biller.code}/${only.code}/history`)
  const t = await getTranslations('usage')
  const locale = await getLocale()
  const icon = supplyIcons(seen)
  const query = await searchParams
  const search = searchOf(query.search)
  const found = findContracts(seen, search)
  const { shown, page, pages } = pageOf(found, query.page)
  return (
    <PageShell title={t('title')} lead={only && t('lead')}>
      {only ? (
        <>
          {(seen.length > CONTRACTS_PAGE || search) && (
            <ContractSearch action="/usage" search={search} locale={locale} />
          )}
          <Card labelledBy="contracts" title={t('contracts')}>
            {found.length === 0 && <p>{translator(locale, 'manage')('found', { count: 0 })}</p>}
            <Rows
              rows={shown.map(contract => ({
                id: String(contract.id),
                href: `/contracts/${contract.biller.code}/${contract.code}/history`,
                icon: icon(contract.biller),
                title: contractTitle(contract, locale),
                note: <CodeLine contract={contract} locale={locale} />,
                end: <Newest contract={contract} locale={locale} />,
              }))}
            />
            <Pages action="/usage" kept={{ search }} page={page} pages={pages} locale={locale} />
          </Card>
        </>
      ) : (
        <>
          <Notice>{t(contracts.length > 0 ? 'amountsOnly' : 'none')}</Notice>
          <p className="actions">
            {contracts.length > 0 ? (
              <ButtonLink href="/contracts">{t('toContracts')}</ButtonLink>
            ) : (
              <ButtonLink href="/contracts/add">{t('add')}</ButtonLink>
            )}
          </p>
        </>
      )}
    </PageShell>
  )
}

function Newest({ contract: { latest, biller }, locale }: { contract: HomeContract; locale: Locale }) {
  if (!latest?.units || biller.unit === 'none') return null
  return (
    <>
      <b className="block">{formatUnits(latest.units, biller.unit, locale)}</b>
      <small>{formatMonth(latest.period, locale)}</small>
    </>
  )
}
