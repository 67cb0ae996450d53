// The requests and complaints about one contract.
import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listRequests } from '@/lib/cases/request-queries.ts'
import { getContract } from '@/lib/contracts/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { chosenOf, RequestList } from '../requests/list.tsx'

export default async function ContractRequestsPage({ searchParams }: ContractPageProps<'show' | 'after'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (!contract || contract.level === 'amounts') notFound()
  const chosen = chosenOf(await searchParams)
  const list = await listRequests(customer, { contract: { biller, code }, ...chosen }, clock.now())
  const t = await getTranslations('requests')
  const locale = await getLocale()
  const path = `/contracts/${biller}/${code}/requests`
  return (
    <PageShell
      title={t('title')}
      above={<ContractTabs contract={contract} current="requests" locale={locale} />}
      action={
        list.counts.all > 0 && (
          <ButtonLink href={`${path}/new`} icon="plus">
            {t('new')}
          </ButtonLink>
        )
      }
      wide
    >
      <RequestList
        {...chosen}
        list={list}
        path={path}
        ofContract
        create={`${path}/new`}
        about={contract.biller}
        locale={locale}
      />
    </PageShell>
  )
}
