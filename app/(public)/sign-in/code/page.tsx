// The second step at sign-in: the app's code, or a recovery code.
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { pageAfterSignIn } from '@/lib/accounts/sign-in.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { env } from '@/lib/platform/env.ts'
import { wayBack, withWayBack } from '@/lib/platform/paths.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { signInCodeAction, signInRecoveryAction } from './actions.ts'

export default async function SignInCodePage({
  searchParams,
}: {
  searchParams: Promise<{ to?: string | string[] }>
}) {
  const to = wayBack.parse((await searchParams).to)
  const customer = await currentCustomer()
  if (customer) redirect(pageAfterSignIn(customer, to))
  if (!(await signInCookie.read())) redirect(withWayBack('/sign-in', to))
  const t = await getTranslations('signInCode')
  const errors = await getTranslations('errors')
  return (
    <PageShell
      title={t('title')}
      lead={t('lead')}
      back={{ href: withWayBack('/sign-in', to), label: t('startOver') }}
    >
      {env().DEMO && (
        <Notice>{t.rich('demonstration', { link: chunks => <a href="/outbox">{chunks}</a> })}</Notice>
      )}
      <ActionForm
        action={signInCodeAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, ['required', 'codeForm', 'appCodeWrong', 'secondStepUnreadable', 'wait'])}
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
          { kind: 'hidden', name: 'to', defaultValue: to },
        ]}
        buttons={[{ label: t('submit') }]}
      />
      <Card labelledBy="no-phone">
        <h2 id="no-phone">{t('noPhone')}</h2>
        <p className="my-3">{t('noPhoneText')}</p>
        <ActionForm
          action={signInRecoveryAction}
          errorTitle={errors('title')}
          errorTexts={texts(errors, [
            'required',
            'tooLong',
            'recoveryCodeWrong',
            'secondStepUnreadable',
            'wait',
          ])}
          fields={[
            {
              kind: 'text',
              name: 'recoveryCode',
              label: t('recoveryCode'),
              autoComplete: 'off',
              maxLength: 30,
            },
            { kind: 'hidden', name: 'to', defaultValue: to },
          ]}
          buttons={[{ label: t('useRecovery'), look: 'secondary' }]}
        />
      </Card>
    </PageShell>
  )
}
