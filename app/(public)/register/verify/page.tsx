// The code from the SMS; another code, or another number, where it did not come.
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { getRegistration } from '@/lib/accounts/registration.ts'
import { registrationCookie } from '@/lib/auth/sealed-cookie.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { resendAction, verifyAction } from './actions.ts'

export default async function VerifyPage({ searchParams }: { searchParams: Promise<{ sent?: string }> }) {
  const id = await registrationCookie.read()
  const registration = id && (await getRegistration(id, clock.now()))
  if (!registration) redirect('/register?gone')
  const { sent } = await searchParams
  const t = await getTranslations('verify')
  const errors = await getTranslations('errors')
  return (
    <PageShell title={t('title')} lead={t('lead', { end: registration.phoneEnd })}>
      {sent !== undefined && (
        <Notice tone="good" done>
          {t('sentAgain')}
        </Notice>
      )}
      <ActionForm
        action={verifyAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          'required',
          'codeForm',
          'codeWrong',
          'codeExpired',
          'codeTries',
          'gone',
          'conflict',
          'wait',
        ])}
        fields={[
          {
            kind: 'text',
            name: 'code',
            label: t('code'),
            hint: t('codeHint'),
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
            maxLength: 12,
          },
        ]}
        buttons={[{ label: t('submit') }]}
      />
      <Card labelledBy="no-code">
        <h2 id="no-code">{t('noCode')}</h2>
        <p className="my-3">{t('noCodeText')}</p>
        <ActionForm
          action={resendAction}
          errorTitle={errors('title')}
          errorTexts={texts(errors, [
            'required',
            'tooLong',
            'phoneForm',
            'phoneCountry',
            'tooSoon',
            'gone',
            'wait',
            'smsBudget',
          ])}
          fields={[
            {
              kind: 'text',
              name: 'phone',
              type: 'tel',
              label: t('phone'),
              autoComplete: 'tel',
              defaultValue: registration.phone,
              maxLength: 30,
            },
          ]}
          buttons={[{ label: t('resend'), look: 'secondary' }]}
        />
      </Card>
    </PageShell>
  )
}
