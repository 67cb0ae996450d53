// The way to the history: of the only contract at once, else which one.
import { redirect } from 'next/navigation'
import { ContractChoice } from '@/components/contract-choice.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listUsedContracts, type UsedContract } from '@/lib/billing/home-queries.ts'
import { formatMonth, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function UsagePage({ searchParams }: PageProps<never, 'search' | 'page'>) {
  const customer = await requireCustomer()
  const contracts = await listUsedContracts(customer, clock.now())
  const seen = contracts.filter(({ level }) => level !== 'amounts')
  const [only] = seen
  if (only && seen.length === 1) redirect(`/contracts/${only.biller.code}/${only.code}/history`)
  const t = await getTranslations('usage')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} lead={only && t('lead')}>
      {only ? (
        <ContractChoice
          contracts={seen}
          action="/usage"
          page="history"
          query={await searchParams}
          end={contract => <Newest contract={contract} locale={locale} />}
          locale={locale}
        />
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

function Newest({ contract: { latest, biller }, locale }: { contract: UsedContract; locale: Locale }) {
  if (!latest?.units || biller.unit === 'none') return null
  return (
    <>
      <b className="block">{formatUnits(latest.units, biller.unit, locale)}</b>
      <small>{formatMonth(latest.period, locale)}</small>
    </>
  )
}
