// The link in the mail to a new address: it counts by a button, because mail programs follow links.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { verifyEmailForm } from '@/lib/accounts/code-forms.ts'
import { getVerification } from '@/lib/accounts/email-verification.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { verifyEmailAction } from './actions.ts'

export default async function VerifyEmailPage({ params }: PageProps<'token'>) {
  const { token } = await params
  const account = await getVerification(token, clock.now())
  const t = await getTranslations('verifyEmail')
  if (!account) {
    return (
      <PageShell title={t('goneTitle')} lead={t('gone')}>
        <ButtonLink href="/account/contact">{t('again')}</ButtonLink>
      </PageShell>
    )
  }
  const { email } = account
  if (account.emailVerifiedAt) {
    return (
      <PageShell title={t('doneTitle')} lead={t('done', { email })}>
        <ButtonLink href="/account">{t('account')}</ButtonLink>
      </PageShell>
    )
  }
  return (
    <PageShell title={t('title')}>
      <Card>
        <p>{t('lead', { email })}</p>
        <Form form={verifyEmailForm} action={verifyEmailAction} shownFor={{ token }} />
      </Card>
      <p className="text-muted">{t('notYou')}</p>
    </PageShell>
  )
}
