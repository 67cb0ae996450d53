// Disputing an earlier registration: the same details as for registering, and a document of identity.
import { randomUUID } from 'node:crypto'
import { ActionForm } from '@/components/action-form.tsx'
import { documentField } from '@/components/document-field.ts'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillers } from '@/lib/billers/queries.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { IDEMPOTENCY_FIELD } from '@/lib/platform/idempotency-key.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { disputeAction } from './actions.ts'

export default async function DisputePage({
  searchParams,
}: {
  searchParams: Promise<{ sent?: string; tooLarge?: string }>
}) {
  const t = await getTranslations('dispute')
  const { sent, tooLarge } = await searchParams
  const back = { href: '/register', label: t('back') }
  if (sent !== undefined) {
    return (
      <PageShell title={t('sentTitle')} back={back}>
        <Notice tone="good" live>
          {t('sent')}
        </Notice>
      </PageShell>
    )
  }
  const errors = await getTranslations('errors')
  const billers = await listBillers()
  const documents = await documentField(t('documents'))
  const link = (path: string) => (chunks: React.ReactNode) => <a href={path}>{chunks}</a>
  return (
    <PageShell
      title={t('title')}
      back={back}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>{t.rich('own', { signIn: link('/sign-in'), forgot: link('/forgot-password') })}</p>
        </>
      }
    >
      <ActionForm
        action={disputeAction}
        initialErrors={tooLarge === undefined ? {} : { documents: 'documentsTooLarge' }}
        errorTitle={errors('title')}
        errorTexts={{
          ...documents.errorTexts,
          ...texts(errors, [
            'required',
            'tooLong',
            'chooseBiller',
            'contractCodeForm',
            'contractUnknown',
            'personalNumberForm',
            'personalNumberCheck',
            'emailForm',
            'phoneForm',
            'wait',
          ]),
        }}
        buttons={[{ label: t('submit') }]}
        fields={[
          {
            kind: 'select',
            name: 'biller',
            label: t('biller'),
            defaultValue: '',
            options: [
              { value: '', label: t('chooseBiller') },
              ...billers.map(({ code, name }) => ({ value: code, label: name })),
            ],
          },
          {
            kind: 'text',
            name: 'contractCode',
            label: t('contractCode'),
            hint: t('contractCodeHint'),
            autoComplete: 'off',
            maxLength: 40,
          },
          {
            kind: 'text',
            name: 'firstName',
            label: t('firstName'),
            hint: t('nameHint'),
            autoComplete: 'given-name',
            maxLength: 60,
          },
          {
            kind: 'text',
            name: 'lastName',
            label: t('lastName'),
            autoComplete: 'family-name',
            maxLength: 60,
          },
          {
            kind: 'text',
            name: 'personalNumber',
            label: t('personalNumber'),
            hint: t('personalNumberHint'),
            autoComplete: 'off',
            maxLength: 20,
          },
          {
            kind: 'box',
            name: 'confirmPersonalNumber',
            label: t('confirmPersonalNumber'),
            onError: 'personalNumberCheck',
          },
          {
            kind: 'text',
            name: 'phone',
            type: 'tel',
            label: t('phone'),
            hint: t('phoneHint'),
            autoComplete: 'tel',
            maxLength: 30,
          },
          {
            kind: 'text',
            name: 'email',
            type: 'email',
            label: t('email'),
            hint: t('emailHint'),
            autoComplete: 'email',
            maxLength: 200,
          },
          { kind: 'textarea', name: 'note', label: t('note'), hint: t('noteHint'), maxLength: 1000 },
          documents.field,
          { kind: 'hidden', name: IDEMPOTENCY_FIELD, defaultValue: randomUUID() },
        ]}
      >
        <p className="text-muted">{t('privacy')}</p>
      </ActionForm>
    </PageShell>
  )
}
