// Asks whether a contract is to be taken off the list, and says what that means.
import { notFound } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { firstOf } from '@/lib/billing/home-rules.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { removeForm } from '@/lib/contracts/forms.ts'
import { listContracts } from '@/lib/contracts/queries.ts'
import { RESTORE_HOURS } from '@/lib/contracts/rules.ts'
import { formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { removeContractAction } from './actions.ts'

export default async function RemoveContractPage({ searchParams }: ContractPageProps) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contracts = await listContracts(customer)
  const contract = contracts.find(one => one.biller.code === biller && one.code === code)
  if (!contract) notFound()
  const unpaid = await listUnpaidInvoices(customer, [contract.id], clock.now())
  const t = await getTranslations('removeContract')
  const locale = await getLocale()
  const title = contractTitle(contract, locale)
  const left = contracts.length - 1
  const first = firstOf(unpaid)
  return (
    <PageShell
      title={t('title', { contract: title })}
      back={{ href: '/contracts/manage', label: t('back') }}
      lead={
        <p className="text-muted">
          {contract.biller.name} · <span className="code">{contract.code}</span>
          {left > 0 && ` · ${t('left', { count: left })}`}
        </p>
      }
    >
      {first && (
        <Notice tone="wait" icon="due">
          <p>
            {t.rich(first.overdue ? 'overdue' : 'due', {
              amount: formatMoney(sumOf(unpaid, 'total'), contract.biller.currency, locale),
              day: formatNearDay(first.dueOn, first.today, locale),
              biller: contract.biller.name,
              b: chunks => <b>{chunks}</b>,
              link: linkTo(`/contracts/${biller}/${code}/pay`),
            })}
          </p>
        </Notice>
      )}
      {left === 0 ? (
        <>
          <Notice>{t('last')}</Notice>
          <p className="actions">
            <ButtonLink href="/contracts/add">{t('add')}</ButtonLink>
            <a href="/contracts/manage">{t('keep')}</a>
          </p>
        </>
      ) : (
        <>
          <Card labelledBy="what" title={t('what')}>
            <Rows
              rows={[
                { id: 'gone', icon: 'no', title: t('gone.title'), note: t('gone.text') },
                {
                  id: 'goesOn',
                  icon: 'doc',
                  title: t('goesOn.title'),
                  note: t('goesOn.text', { biller: contract.biller.name }),
                },
                { id: 'receipts', icon: 'check', title: t('receipts.title'), note: t('receipts.text') },
                {
                  id: 'undo',
                  icon: 'back',
                  title: t('undo.title'),
                  note: t('undo.text', { hours: RESTORE_HOURS }),
                },
              ]}
            />
          </Card>
          <Form
            form={removeForm}
            action={removeContractAction}
            shownFor={{ biller, code }}
            buttons={[{ label: t('submit'), look: 'danger' }]}
          />
          <p className="actions">
            <a href="/contracts/manage">{t('keep')}</a>
          </p>
        </>
      )}
    </PageShell>
  )
}
