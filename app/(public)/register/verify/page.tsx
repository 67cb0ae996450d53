// The code from the SMS; another code, or another number, where it did not come.

import { redirect } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { resendCodeForm, verifyForm } from '@/lib/accounts/code-forms.ts'
import { getRegistration } from '@/lib/accounts/registration.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { answerPath } from '@/lib/help/topics.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { resendAction, verifyAction } from './actions.ts'

export default async function VerifyPage({ searchParams }: PageProps<never, 'sent'>) {
  const id = await registrationCookie.read()
  const registration = id && (await getRegistration(id, clock.now()))
  // It is an account by now.
  if (!registration && (await currentCustomer())) redirect('/contracts')
  if (!registration) redirect('/register?gone')
  const { sent } = await searchParams
  const t = await getTranslations('verify')
  return (
    <PageShell title={t('title')} lead={<Steps />}>
      {sent !== undefined && <Done>{t('sentAgain')}</Done>}
      <Card>
        <p>{t('lead', { end: registration.phoneEnd })}</p>
        <Form form={verifyForm} action={verifyAction} shownFor={{ registration: id }} />
        <p className="wrap-anywhere text-muted">{t('thenEmail', { email: registration.email })}</p>
      </Card>
      <Notice icon="access">{t('never')}</Notice>
      <Card labelledBy="no-code" title={t('noCode')}>
        <p>
          {t('noCodeText')} {t.rich('more', { link: linkTo(answerPath('code-not-arrived')) })}
        </p>
        <Form
          form={resendCodeForm}
          action={resendAction}
          shownFor={{ registration: id }}
          values={{ biller: registration.biller, phone: registration.phone }}
          beside="another"
          buttons={[{ label: t('another.submit'), look: 'secondary' }]}
        />
      </Card>
    </PageShell>
  )
}

async function Steps() {
  const t = await getTranslations('verify')
  return (
    <ol className="actions text-sm" aria-label={t('steps.label')}>
      {(['details', 'code', 'portal'] as const).map((step, index) => {
        const isHere = step === 'code'
        return (
          <li
            key={step}
            aria-current={isHere ? 'step' : undefined}
            className={isHere ? 'font-bold' : 'text-muted'}
          >
            {index + 1} {t(`steps.${step}`)}
          </li>
        )
      })}
    </ol>
  )
}
