// The way to sending a reading: of the only contract with a meter at once, else which one.
import { redirect } from 'next/navigation'
import { ContractChoice } from '@/components/contract-choice.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listContracts } from '@/lib/contracts/queries.ts'
import { readingsPath } from '@/lib/readings/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function ChooseReadingsPage({ searchParams }: PageProps<never, 'search' | 'page'>) {
  const customer = await requireCustomer()
  const contracts = await listContracts(customer)
  const metered = contracts.filter(({ level, biller }) => level !== 'amounts' && biller.unit !== 'none')
  const [only] = metered
  if (only && metered.length === 1) redirect(readingsPath({ biller: only.biller.code, code: only.code }))
  const t = await getTranslations('reading')
  return (
    <PageShell title={t('title')} lead={only && (await getTranslations('usage'))('lead')}>
      {only ? (
        <ContractChoice
          contracts={metered}
          action="/readings"
          page="readings"
          query={await searchParams}
          locale={await getLocale()}
        />
      ) : (
        <Notice>{t('noneMetered')}</Notice>
      )}
    </PageShell>
  )
}
