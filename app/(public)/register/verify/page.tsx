// The code from the SMS; another code, or another number, where it did not come.

import { redirect } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { resendCodeForm, verifyForm } from '@/lib/accounts/code-forms.ts'
import { getRegistration } from '@/lib/accounts/registration.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
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
    <PageShell title={t('title')} lead={t('lead', { end: registration.phoneEnd })}>
      {sent !== undefined && <Done>{t('sentAgain')}</Done>}
      <Form form={verifyForm} action={verifyAction} shownFor={{ registration: id }} />
      <Card labelledBy="no-code" title={t('noCode')}>
        <p className="my-3">{t('noCodeText')}</p>
        <Form
          form={resendCodeForm}
          action={resendAction}
          shownFor={{ registration: id }}
          values={{ biller: registration.biller, phone: registration.phone }}
          buttons={[{ label: t('another.submit'), look: 'secondary' }]}
        />
      </Card>
    </PageShell>
  )
}
