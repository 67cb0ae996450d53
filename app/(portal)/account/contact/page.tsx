// A new e-mail address or phone number, each with its code.
import { ActionForm, type FormFieldSpec } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { type ContactKind, getPendingContactChange } from '@/lib/accounts/contact.ts'
import { getAccount } from '@/lib/accounts/queries.ts'
import { needsPassword } from '@/lib/auth/confirm.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { CODE_ERRORS, secondCodeField } from '../second-code-field.ts'
import { applyChangeAction, requestChangeAction, resendVerificationAction } from './actions.ts'

export default async function ContactPage({ searchParams }: { searchParams: Promise<{ sent?: string }> }) {
  const customer = await requireCustomer()
  const account = await getAccount(customer)
  const { sent } = await searchParams
  const t = await getTranslations('contact')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {!account.emailVerifiedAt && <Unverified email={account.email} sent={sent !== undefined} />}
      <Change
        customer={customer}
        kind="email"
        present={`${account.email} (${t(account.emailVerifiedAt ? 'confirmed' : 'unconfirmed')})`}
      />
      <Change customer={customer} kind="phone" present={account.phone} />
    </PageShell>
  )
}

async function Unverified({ email, sent }: { email: string; sent: boolean }) {
  const t = await getTranslations('contact')
  const errors = await getTranslations('errors')
  return (
    <Card labelledBy="unverified">
      <h2 id="unverified" className="mb-3">
        {t('unverified.title')}
      </h2>
      {sent && (
        <Notice tone="good" done>
          {t('unverified.sent')}
        </Notice>
      )}
      <p className="my-3">{t('unverified.text', { email })}</p>
      <ActionForm
        action={resendVerificationAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, ['wait'])}
        fields={[]}
        buttons={[{ label: t('unverified.resend') }]}
      />
      <p className="mt-3 text-muted">{t('unverified.wrong')}</p>
    </Card>
  )
}

async function Change({
  customer,
  kind,
  present,
}: {
  customer: Customer
  kind: ContactKind
  present: string
}) {
  const t = await getTranslations('contact')
  const errors = await getTranslations('errors')
  const now = clock.now()
  const pending = await getPendingContactChange(customer, kind, now)
  const password: FormFieldSpec[] = needsPassword(customer, now)
    ? [
        {
          kind: 'text',
          name: 'currentPassword',
          id: `${kind}-password`,
          type: 'password',
          label: t('currentPassword'),
          autoComplete: 'current-password',
          maxLength: 128,
        },
      ]
    : []
  const secondCode = await secondCodeField(customer, `${kind}-second-code`)
  return (
    <Card labelledBy={`change-${kind}`}>
      <h2 id={`change-${kind}`} className="mb-3">
        {t(`${kind}.title`)}
      </h2>
      <p className="mb-3 wrap-anywhere">{t(`${kind}.present`, { value: present })}</p>
      {pending && (
        <div className="mb-6 space-y-3">
          <p>{t('codeSent', { to: pending.newValue })}</p>
          <ActionForm
            action={applyChangeAction.bind(null, kind)}
            errorTitle={errors('title')}
            errorTexts={texts(errors, [
              'required',
              'codeForm',
              'codeWrong',
              'codeTries',
              'codeExpired',
              'contactTaken',
            ])}
            fields={[
              {
                kind: 'text',
                name: 'code',
                id: `${kind}-code`,
                label: t('code'),
                inputMode: 'numeric',
                autoComplete: 'one-time-code',
                maxLength: 12,
              },
            ]}
            buttons={[{ label: t('confirm') }]}
          />
        </div>
      )}
      <ActionForm
        action={requestChangeAction.bind(null, kind)}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          ...CODE_ERRORS,
          'emailForm',
          'phoneForm',
          'phoneCountry',
          'unchanged',
          'passwordWrong',
          'smsBudget',
        ])}
        fields={[
          {
            kind: 'text',
            name: kind,
            type: kind === 'email' ? 'email' : 'tel',
            label: t(`${kind}.label`),
            autoComplete: kind === 'email' ? 'email' : 'tel',
            maxLength: kind === 'email' ? 200 : 30,
          },
          ...password,
          ...secondCode,
        ]}
        buttons={[{ label: t('sendCode'), look: pending ? 'secondary' : 'primary' }]}
      />
    </Card>
  )
}
