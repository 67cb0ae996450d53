// The new password, after the link or the code.

import { redirect } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { resetPasswordForm } from '@/lib/accounts/code-forms.ts'
import { getResetLink } from '@/lib/accounts/passwords.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { resetPasswordAction } from './actions.ts'

export default async function ResetPasswordPage({ params }: PageProps<'token'>) {
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
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <Card>
        <Form form={resetPasswordForm} action={resetPasswordAction} shownFor={{ token }} />
      </Card>
    </PageShell>
  )
}
