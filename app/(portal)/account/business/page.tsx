// The customer's businesses: those added, and a form for another.

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
        <ul className="space-y-4">
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
  return (
    <Card labelledBy={business.id} title={business.title}>
      <Facts
        facts={[
          { label: t('biller'), value: business.biller },
          { label: t('number'), value: business.about },
          { label: t('fields.legalRepresentative.label'), value: business.answers.legalRepresentative },
          { label: t('state'), value: t(`states.${business.state}`) },
          ...(business.note ? [{ label: t('reason'), value: business.note }] : []),
          {
            label: t('documentsSent'),
            value: <DocumentList documents={business.documents} />,
          },
        ]}
      />
      {business.state === 'rejected' && (
        <p className="mt-3">{t.rich('refusedNext', { link: linkTo('/help#contact') })}</p>
      )}
      <div className="mt-3">
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
      </div>
    </Card>
  )
}
