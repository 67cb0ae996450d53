// A forgotten password: say who you are, then the link from the e-mail or the code from the SMS.

import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { forgotPasswordForm, resetCodeForm } from '@/lib/accounts/code-forms.ts'
import { resetCookie, resetForCookie } from '@/lib/auth/sealed-cookie.ts'
import { answerPath } from '@/lib/help/topics.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { checkCodeAction, requestResetAction } from './actions.ts'

export default async function ForgotPasswordPage({ searchParams }: PageProps<never, 'sent' | 'noSms'>) {
  const t = await getTranslations('forgotPassword')
  const { sent, noSms } = await searchParams
  const reset = await resetCookie.read()
  // As it was typed, whether or not there is such an account; a later visit begins empty.
  const identifier = sent === undefined ? undefined : await resetForCookie.read()
  const byMail = (
    <Card labelledBy="reset-mail" title={t('mailTitle')}>
      <p>{t('mailText')}</p>
    </Card>
  )
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/sign-in', label: t('back') }}>
      {noSms !== undefined && <Notice live>{t('noSms')}</Notice>}
      {sent !== undefined && noSms === undefined && (
        <>
          <Done>{t('sent')}</Done>
          {sent !== 'sms' && byMail}
          <Card labelledBy="reset-code" title={t('codeTitle')}>
            <Form form={resetCodeForm} action={checkCodeAction} shownFor={{ reset: reset ?? '' }} />
          </Card>
          {sent === 'sms' && byMail}
        </>
      )}
      <Card>
        <Form
          form={forgotPasswordForm}
          action={requestResetAction}
          values={{ identifier }}
          beside={sent !== undefined && noSms === undefined ? 'again' : undefined}
          buttons={[sent === undefined ? { label: t('submit') } : { label: t('again'), look: 'secondary' }]}
        />
      </Card>
      <p>{t.rich('help', { link: linkTo(answerPath('reset-not-arrived')) })}</p>
    </PageShell>
  )
}
