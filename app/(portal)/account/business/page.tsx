// The customer's businesses: those added, and a form for another.

import { CaseChip } from '@/components/case-chip.tsx'
import { DocumentList } from '@/components/document-list.tsx'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { businessForm, withdrawForm } from '@/lib/cases/forms.ts'
import { listOwnCases, type OwnCase } from '@/lib/cases/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { addBusinessAction, removeBusinessAction } from './actions.ts'

export default async function BusinessPage({ searchParams }: PageProps<never, 'done' | 'tooLarge'>) {
  const customer = await requireCustomer()
  const businesses = await listOwnCases(customer, 'business')
  const t = await getTranslations('business')
  const { done, tooLarge } = await searchParams
  return (
    <PageShell
      title={t('title')}
      lead={t.rich('lead', { link: linkTo('/contracts/manage') })}
      back={{ href: '/account', label: t('back') }}
    >
      {(done === 'added' || done === 'removed') && <Done>{t(done)}</Done>}
      {businesses.length === 0 ? (
        <p>{t('empty')}</p>
      ) : (
        <ul className="stack">
          {businesses.map(business => (
            <li key={business.id}>
              <Business business={business} />
            </li>
          ))}
        </ul>
      )}
      <Card labelledBy="add" title={t('addTitle')}>
        <Form
          form={businessForm}
          action={addBusinessAction}
          options={{ biller: await listBillerChoices() }}
          tooLarge={tooLarge !== undefined}
        />
      </Card>
    </PageShell>
  )
}

async function Business({ business }: { business: OwnCase }) {
  const t = await getTranslations('business')
  const state = <CaseChip state={business.state}>{t(`states.${business.state}`)}</CaseChip>
  return (
    <Card labelledBy={business.id} title={business.title} action={state}>
      <Facts
        columns={1}
        facts={[
          { label: t('biller'), value: business.biller },
          { label: t('number'), value: <span className="code">{business.about}</span> },
          { label: t('fields.legalRepresentative.label'), value: business.answers.legalRepresentative },
          ...(business.note ? [{ label: t('reason'), value: business.note }] : []),
        ]}
      />
      <h3>{t('documentsSent')}</h3>
      <DocumentList documents={business.documents} />
      {business.state === 'rejected' && <p>{t.rich('refusedNext', { link: linkTo('/help#contact') })}</p>}
      <Form
        form={withdrawForm}
        action={removeBusinessAction}
        shownFor={{ case: business.id }}
        buttons={[
          {
            label: t('withdraw.submit'),
            says: t('removeWhich', { name: business.title, biller: business.biller }),
            look: 'danger',
          },
        ]}
      />
    </Card>
  )
}
