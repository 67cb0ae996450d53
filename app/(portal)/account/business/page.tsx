// The customer's businesses: those added, and a form for another.
import { randomUUID } from 'node:crypto'
import { ActionForm } from '@/components/action-form.tsx'
import { documentField } from '@/components/document-field.ts'
import { DocumentList } from '@/components/document-list.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { listOwnCases, type OwnCase } from '@/lib/cases/queries.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { IDEMPOTENCY_FIELD } from '@/lib/platform/idempotency-key.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { addBusinessAction, removeBusinessAction } from './actions.ts'

export default async function BusinessPage({
  searchParams,
}: {
  searchParams: Promise<{ done?: string; tooLarge?: string }>
}) {
  const customer = await requireCustomer()
  const businesses = await listOwnCases(customer, 'business')
  const billers = await listBillers()
  const t = await getTranslations('business')
  const errors = await getTranslations('errors')
  const documents = await documentField(t('documents'))
  const { done, tooLarge } = await searchParams
  return (
    <PageShell
      title={t('title')}
      lead={t.rich('lead', { link: chunks => <a href="/contracts/manage">{chunks}</a> })}
      back={{ href: '/account', label: t('back') }}
    >
      {(done === 'added' || done === 'removed') && (
        <Notice tone="good" done>
          {t(done)}
        </Notice>
      )}
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
      <Card labelledBy="add">
        <h2 id="add" className="mb-3">
          {t('addTitle')}
        </h2>
        <ActionForm
          action={addBusinessAction}
          initialErrors={tooLarge === undefined ? {} : { documents: 'documentsTooLarge' }}
          errorTitle={errors('title')}
          errorTexts={{
            ...documents.errorTexts,
            ...texts(errors, [
              'required',
              'tooLong',
              'chooseBiller',
              'businessNumberForm',
              'businessNumberCheck',
              'businessAdded',
              'wait',
            ]),
          }}
          buttons={[{ label: t('submit') }]}
          fields={[
            {
              kind: 'select',
              name: 'biller',
              label: t('biller'),
              hint: t('billerHint'),
              defaultValue: '',
              options: [
                { value: '', label: t('chooseBiller') },
                ...billers.map(({ code, name }) => ({ value: code, label: name })),
              ],
            },
            {
              kind: 'text',
              name: 'nipt',
              label: t('nipt'),
              hint: t('niptHint'),
              autoComplete: 'off',
              maxLength: 20,
            },
            { kind: 'box', name: 'confirmNipt', label: t('confirmNipt'), onError: 'businessNumberCheck' },
            {
              kind: 'text',
              name: 'businessName',
              label: t('name'),
              hint: t('nameHint'),
              autoComplete: 'organization',
              maxLength: 120,
            },
            {
              kind: 'text',
              name: 'legalRepresentative',
              label: t('representative'),
              autoComplete: 'off',
              maxLength: 120,
            },
            documents.field,
            { kind: 'hidden', name: IDEMPOTENCY_FIELD, defaultValue: randomUUID() },
          ]}
        />
      </Card>
    </PageShell>
  )
}

async function Business({ business }: { business: OwnCase }) {
  const t = await getTranslations('business')
  return (
    <Card labelledBy={business.id}>
      <h2 id={business.id} className="mb-2">
        {business.title}
      </h2>
      <Facts
        facts={[
          { label: t('biller'), value: business.biller },
          { label: t('number'), value: business.about },
          { label: t('representative'), value: business.answers.legalRepresentative },
          { label: t('state'), value: t(`states.${business.state}`) },
          ...(business.note ? [{ label: t('reason'), value: business.note }] : []),
          {
            label: t('documentsSent'),
            value: <DocumentList documents={business.documents} />,
          },
        ]}
      />
      {business.state === 'rejected' && (
        <p className="mt-3">
          {t.rich('refusedNext', { link: chunks => <a href="/help#contact">{chunks}</a> })}
        </p>
      )}
      <form action={removeBusinessAction} className="mt-3">
        <input type="hidden" name="business" value={business.id} />
        <Button
          look="danger"
          aria-label={t('removeWhich', { name: business.title, biller: business.biller })}
        >
          {t('remove')}
        </Button>
      </form>
    </Card>
  )
}
