// The customer's contracts: find one, name it, take it off the list.

import { Form } from '@/components/form.tsx'
import { FormField } from '@/components/form-field.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { manageForm } from '@/lib/contracts/forms.ts'
import { type ContractSummary, listContracts, listRefusedContracts } from '@/lib/contracts/queries.ts'
import { cut } from '@/lib/platform/text.ts'
import { readLine } from '@/lib/platform/typed.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { manageContractAction } from './actions.ts'

export default async function ManageContractsPage({ searchParams }: PageProps<never, 'search' | 'done'>) {
  const customer = await requireCustomer()
  const t = await getTranslations('manage')
  const { search: asked, done } = await searchParams
  const search = readLine(cut(typeof asked === 'string' ? asked : '', 60))
  const [contracts, refused] = await Promise.all([
    listContracts(customer, search),
    listRefusedContracts(customer),
  ])
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/contracts', label: t('back') }}>
      {(done === 'named' || done === 'removed') && <Done>{t(`done.${done}`)}</Done>}
      {contracts.length === 0 && refused.length === 0 && !search && <Notice>{t('none')}</Notice>}
      <form method="get" className="space-y-3" hidden={contracts.length === 0 && !search}>
        {/* biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element */}
        <div role="search" className="space-y-3">
          <FormField
            name="search"
            label={t('search')}
            defaultValue={search}
            maxLength={60}
            autoComplete="off"
          />
          <Button look="secondary">{t('searchButton')}</Button>
        </div>
      </form>
      {search && (
        <p className="flex flex-wrap gap-x-5">
          {t('found', { count: contracts.length })}
          <a href="/contracts/manage">{t('all')}</a>
        </p>
      )}
      <ul className="space-y-4">
        {contracts.map(contract => (
          <li key={contract.id}>
            <ManagedContract contract={contract} />
          </li>
        ))}
      </ul>
      {refused.length > 0 && (
        <Card labelledBy="refused" title={t('refused')}>
          <ul className="my-3 space-y-1">
            {refused.map(({ code, billerName, alias }) => (
              <li key={`${billerName} ${code}`}>
                {alias && `${alias}: `}
                {t('refusedContract', { code, biller: billerName })}
              </li>
            ))}
          </ul>
          <p>{t.rich('refusedText', { link: linkTo('/account/payments') })}</p>
        </Card>
      )}
      <ButtonLink href="/contracts/add">{t('add')}</ButtonLink>
    </PageShell>
  )
}

async function ManagedContract({ contract }: { contract: ContractSummary }) {
  const t = await getTranslations('manage')
  const path = `/contracts/${contract.biller.code}/${contract.code}`
  return (
    <Card labelledBy={`contract-${contract.id}`} title={contract.alias ?? contract.code}>
      <p className="text-muted">
        {contract.biller.name} {contract.code}
      </p>
      <p className="my-2">{t(`level.${contract.level}`)}</p>
      <p className="mb-3 flex flex-wrap gap-x-5 [&_a]:inline-flex [&_a]:min-h-11 [&_a]:items-center">
        <a href={`${path}/pay`}>{t('due')}</a>
        {contract.level !== 'amounts' && <a href={`${path}/info`}>{t('info')}</a>}
        {contract.level === 'holder' && <a href={`${path}/access`}>{t('access')}</a>}
      </p>
      <Form
        form={manageForm}
        action={manageContractAction}
        shownFor={{ biller: contract.biller.code, code: contract.code }}
        values={{ alias: contract.alias ?? '' }}
        buttons={[
          { label: t('save'), intent: 'name', look: 'secondary' },
          { label: t('remove'), intent: 'remove', look: 'danger' },
        ]}
      />
    </Card>
  )
}
