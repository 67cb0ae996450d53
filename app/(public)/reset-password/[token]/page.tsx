// The new password, after the link or the code.
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { getResetLink } from '@/lib/accounts/passwords.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { resetPasswordAction } from './actions.ts'

export default async function ResetPasswordPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const t = await getTranslations('resetPassword')
  const state = await getResetLink(token, clock.now())
  // It worked.
  if (state === 'used') redirect('/sign-in?reset')
  if (state === 'gone') {
    return (
      <PageShell title={t('goneTitle')} lead={t('gone')}>
        <ButtonLink href="/forgot-password">{t('again')}</ButtonLink>
      </PageShell>
    )
  }
  const errors = await getTranslations('errors')
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <ActionForm
        action={resetPasswordAction.bind(null, token)}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          'required',
          'passwordRule',
          'passwordCommon',
          'passwordsDiffer',
          'linkUsed',
        ])}
        fields={[
          {
            kind: 'text',
            name: 'newPassword',
            type: 'password',
            label: t('newPassword'),
            hint: t('passwordHint'),
            autoComplete: 'new-password',
            maxLength: 128,
          },
          {
            kind: 'text',
            name: 'newPasswordConfirm',
            type: 'password',
            label: t('newPasswordConfirm'),
            autoComplete: 'new-password',
            maxLength: 128,
          },
        ]}
        buttons={[{ label: t('submit') }]}
      />
    </PageShell>
  )
}
