// Registering: one form, then a code by SMS.
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillers } from '@/lib/billers/queries.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { registerAction } from './actions.ts'

export default async function RegisterPage({ searchParams }: { searchParams: Promise<{ gone?: string }> }) {
  const { gone } = await searchParams
  const t = await getTranslations('register')
  const errors = await getTranslations('errors')
  const billers = await listBillers()
  const legal = (path: string) => (chunks: React.ReactNode) => <a href={path}>{chunks}</a>
  return (
    <PageShell
      title={t('title')}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>{t.rich('haveAccount', { link: chunks => <a href="/sign-in">{chunks}</a> })}</p>
        </>
      }
    >
      {gone !== undefined && (
        <Notice tone="wait" done>
          {errors('gone')}
        </Notice>
      )}
      <ActionForm
        action={registerAction}
        errorTitle={errors('title')}
        errorLinks={{ conflict: { href: '/register/dispute', label: t('disputeLink') } }}
        errorTexts={texts(errors, [
          'required',
          'tooLong',
          'chooseBiller',
          'contractCodeForm',
          'detailsMismatch',
          'nameForm',
          'personalNumberForm',
          'personalNumberCheck',
          'usernameRule',
          'emailForm',
          'phoneForm',
          'phoneCountry',
          'passwordRule',
          'passwordCommon',
          'passwordsDiffer',
          'acceptTerms',
          'conflict',
          'wait',
          'smsBudget',
        ])}
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
            autoComplete: 'email',
            maxLength: 200,
          },
          {
            kind: 'text',
            name: 'username',
            label: t('username'),
            hint: t('usernameHint'),
            autoComplete: 'username',
            maxLength: 30,
          },
          {
            kind: 'text',
            name: 'password',
            type: 'password',
            label: t('password'),
            hint: t('passwordHint'),
            autoComplete: 'new-password',
            maxLength: 128,
          },
          {
            kind: 'text',
            name: 'passwordConfirm',
            type: 'password',
            label: t('passwordConfirm'),
            autoComplete: 'new-password',
            maxLength: 128,
          },
          {
            kind: 'box',
            name: 'acceptTerms',
            label: t.rich('acceptTerms', {
              terms: legal('/terms'),
              privacy: legal('/privacy'),
              refunds: legal('/refunds'),
            }),
          },
        ]}
      />
    </PageShell>
  )
}
