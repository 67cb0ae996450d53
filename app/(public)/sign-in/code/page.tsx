// The second step at sign-in: the app's code, or a recovery code.

import { redirect } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { PasskeyPrompt } from '@/components/passkey-prompt.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { recoveryCodeForm, signInCodeForm, signInPasskeyForm } from '@/lib/accounts/code-forms.ts'
import { pageAfterSignIn, passkeyOptions } from '@/lib/accounts/sign-in.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { newChallenge } from '@/lib/auth/passkeys.ts'
import { signInCookie } from '@/lib/auth/sealed-cookie.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { wayBack, withWayBack } from '@/lib/platform/paths.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { signInCodeAction, signInPasskeyAction, signInRecoveryAction } from './actions.ts'

export default async function SignInCodePage({ searchParams }: PageProps<never, 'to'>) {
  const to = wayBack.parse((await searchParams).to)
  const customer = await currentCustomer()
  if (customer) redirect(pageAfterSignIn(customer, to))
  const waiting = await signInCookie.read()
  if (!waiting) redirect(withWayBack('/sign-in', to))
  const t = await getTranslations('signInCode')
  const now = clock.now()
  const asked = newChallenge(now)
  const passkey = await passkeyOptions(waiting, asked, now)
  return (
    <PageShell title={t('title')} back={{ href: withWayBack('/sign-in', to), label: t('startOver') }}>
      {env().DEMO && <Notice>{t.rich('demonstration', { link: linkTo('/outbox') })}</Notice>}
      <Card>
        <p>{t('lead')}</p>
        <Form form={signInCodeForm} action={signInCodeAction} shownFor={{ waiting }} values={{ to }} />
      </Card>
      {passkey && (
        <Card labelledBy="passkey" title={t('passkey.title')}>
          <p>{t('passkey.lead')}</p>
          <Form
            form={signInPasskeyForm}
            action={signInPasskeyAction}
            shownFor={{ waiting, ...asked }}
            values={{ to }}
            beside="passkey"
            drawn={['response']}
            buttons={[{ label: t('passkey.submit'), look: 'secondary' }]}
          >
            <PasskeyPrompt name="response" ask={passkey} failed={t('passkey.failed')} />
          </Form>
        </Card>
      )}
      <Card labelledBy="no-phone" title={t('noPhone')}>
        <p>{t('noPhoneText')}</p>
        <Form
          form={recoveryCodeForm}
          action={signInRecoveryAction}
          shownFor={{ waiting }}
          values={{ to }}
          beside="recovery"
          buttons={[{ label: t('recovery.submit'), look: 'secondary' }]}
        />
      </Card>
    </PageShell>
  )
}
