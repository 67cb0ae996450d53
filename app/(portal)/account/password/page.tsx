// Changing the password.
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { CODE_ERRORS, secondCodeField } from '../second-code-field.ts'
import { changePasswordAction } from './actions.ts'

export default async function ChangePasswordPage() {
  const customer = await requireCustomer()
  const t = await getTranslations('changePassword')
  const errors = await getTranslations('errors')
  const password = { kind: 'text', type: 'password', maxLength: 128 } as const
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      <ActionForm
        action={changePasswordAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          ...CODE_ERRORS,
          'passwordRule',
          'passwordCommon',
          'passwordsDiffer',
          'passwordWrong',
          'usernameWrong',
        ])}
        fields={[
          { kind: 'text', name: 'username', label: t('username'), autoComplete: 'username', maxLength: 30 },
          {
            ...password,
            name: 'currentPassword',
            label: t('currentPassword'),
            autoComplete: 'current-password',
          },
          {
            ...password,
            name: 'newPassword',
            label: t('newPassword'),
            hint: t('passwordHint'),
            autoComplete: 'new-password',
          },
          {
            ...password,
            name: 'newPasswordConfirm',
            label: t('newPasswordConfirm'),
            autoComplete: 'new-password',
          },
          ...(await secondCodeField(customer)),
        ]}
        buttons={[{ label: t('submit') }]}
      />
    </PageShell>
  )
}
