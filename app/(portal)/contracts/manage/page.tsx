// The customer's contracts: find one, name it, take it off the list, or put it back.
import { supplyIcons } from '@/components/biller-mark.tsx'
import { CodeLine } from '@/components/code-line.tsx'
import { ContractSearch, Pages, searchOf } from '@/components/contract-search.tsx'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle, isCalledByCode } from '@/lib/billing/contract-title.ts'
import { nameForm, restoreForm } from '@/lib/contracts/forms.ts'
import {
  type ContractSummary,
  listContracts,
  listRefusedContracts,
  listRemovedContracts,
} from '@/lib/contracts/queries.ts'
import { pageOf } from '@/lib/contracts/search.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { nameContractAction, restoreContractAction } from './actions.ts'

/** Of more than this, each has its form where it was looked for. */
const MOST_FORMS = 10

const DONE = ['named', 'removed', 'restored'] as const

export default async function ManageContractsPage({
  searchParams,
}: PageProps<never, 'search' | 'done' | 'page'>) {
  const customer = await requireCustomer()
  const t = await getTranslations('manage')
  const locale = await getLocale()
  const { search: asked, done: told, page: askedPage } = await searchParams
  const search = searchOf(asked)
  const [contracts, refused, removed] = await Promise.all([
    listContracts(customer, search),
    listRefusedContracts(customer),
    listRemovedContracts(customer, clock.now()),
  ])
  const { shown, page, pages } = pageOf(contracts, askedPage)
  const icon = supplyIcons(contracts)
  const done = DONE.find(one => one === told)
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/contracts', label: t('back') }}>
      {done && <Done>{t(`done.${done}`)}</Done>}
      <Removed contracts={removed} />
      {contracts.length === 0 && refused.length === 0 && !search && <Notice>{t('none')}</Notice>}
      {(contracts.length > 1 || search) && (
        <ContractSearch action="/contracts/manage" search={search} locale={locale} />
      )}
      {search && (
        <p className="actions">
          <span>{t('found', { count: contracts.length })}</span>
          <a href="/contracts/manage">{t('all')}</a>
        </p>
      )}
      {contracts.length > MOST_FORMS ? (
        <Card labelledBy="contracts" title={t('contracts')}>
          <Rows
            rows={shown.map(contract => ({
              id: String(contract.id),
              href: `/contracts/manage?search=${encodeURIComponent(contract.code)}`,
              icon: icon(contract.biller),
              title: contractTitle(contract, locale),
              note: <CodeLine contract={contract} locale={locale} />,
            }))}
          />
          <Pages action="/contracts/manage" kept={{ search }} page={page} pages={pages} locale={locale} />
        </Card>
      ) : (
        contracts.map((contract, index) => (
          <ManagedContract key={contract.id} contract={contract} isFirst={index === 0} />
        ))
      )}
      {refused.length > 0 && (
        <Card labelledBy="refused" title={t('refused')}>
          <ul className="space-y-1">
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
      <p className="actions">
        <ButtonLink href="/contracts/add" icon="plus" look={contracts.length > 0 ? 'secondary' : 'primary'}>
          {t('add')}
        </ButtonLink>
      </p>
    </PageShell>
  )
}

async function ManagedContract({ contract, isFirst }: { contract: ContractSummary; isFirst: boolean }) {
  const t = await getTranslations('manage')
  const path = `/contracts/${contract.biller.code}/${contract.code}`
  return (
    <Card labelledBy={`contract-${contract.id}`} title={contractTitle(contract, await getLocale())}>
      <p className="text-muted">
        <CodeLine contract={contract} locale={await getLocale()} />
      </p>
      <p>{t(`level.${contract.level}`)}</p>
      <Form
        form={nameForm}
        action={nameContractAction}
        shownFor={{ biller: contract.biller.code, code: contract.code }}
        values={{ alias: contract.alias ?? '' }}
        beside={isFirst ? undefined : `contract-${contract.id}`}
        buttons={[{ label: t('save'), look: 'secondary' }]}
      />
      <p className="actions">
        <a href={`${path}/pay`}>{t('due')}</a>
        {contract.level !== 'amounts' && <a href={`${path}/info`}>{t('info')}</a>}
        {contract.level === 'holder' && <a href={`${path}/access`}>{t('access')}</a>}
        <a href={`${path}/remove`}>{t('remove')}</a>
      </p>
    </Card>
  )
}

/** What was taken off the list a short while ago can be put back with a button. */
async function Removed({ contracts }: { contracts: Awaited<ReturnType<typeof listRemovedContracts>> }) {
  const t = await getTranslations('manage')
  const locale = await getLocale()
  return contracts.map(contract => {
    const { biller, code } = contract
    const title = contractTitle(contract, locale)
    const named = { contract: isCalledByCode(contract) ? title : `${title} (${code})` }
    return (
      <Notice key={`${biller.code} ${code}`} icon="back">
        <p>{t('removed', named)}</p>
        <Form
          form={restoreForm}
          action={restoreContractAction}
          shownFor={{ biller: biller.code, code }}
          buttons={[{ label: t('restore'), says: t('restoreWhich', named), look: 'secondary' }]}
        />
      </Notice>
    )
  })
}
