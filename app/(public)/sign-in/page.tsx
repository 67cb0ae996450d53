// Signing in.

import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { signInForm } from '@/lib/accounts/forms.ts'
import { landingPage, pageAfterSignIn } from '@/lib/accounts/sign-in.ts'
import { type Customer, currentCustomer } from '@/lib/auth/guards.ts'
import { sessionIdOf } from '@/lib/auth/session-cookie.ts'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { listDirectories } from '@/lib/directories/sign-in.ts'
import { answerPath } from '@/lib/help/topics.ts'
import { wayBack, withWayBack } from '@/lib/platform/paths.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Benefits } from '../benefits.tsx'
import { BillerContacts } from '../biller-contacts.tsx'
import { signInAction } from './actions.ts'

export default async function SignInPage({
  searchParams,
}: PageProps<never, 'reset' | 'expired' | 'deleted' | 'unsent' | 'out' | 'to'>) {
  const customer = await currentCustomer()
  const { reset, expired, deleted, unsent, out, to: asked } = await searchParams
  const to = wayBack.parse(asked)
  // A link proves something of its own account alone: whoever else is signed in stays so, and is told what was done.
  if (customer && reset !== undefined) return <Beside customer={customer} what="resetBeside" />
  // So does a form of an account that is not the one signed in.
  if (customer && unsent !== undefined) return <Beside customer={customer} what="unsentBeside" to={to} />
  if (customer) redirect(pageAfterSignIn(customer, to))
  // Who signs out has no cookie left: this one's session ended by itself, or elsewhere.
  const ended =
    to !== '/' && expired === undefined && unsent === undefined && sessionIdOf(await cookies()) !== undefined
  // Whoever comes from something done here has an account.
  const isNew = !ended && [out, unsent, expired, deleted, reset].every(news => news === undefined)
  const t = await getTranslations('signIn')
  return (
    <PageShell title={t('title')} wide>
      <div className="columns two-columns">
        <div>
          {out !== undefined && <Done>{t('signedOut')}</Done>}
          {ended && <Notice live>{t('ended')}</Notice>}
          {unsent !== undefined && <Notice live>{t('unsent')}</Notice>}
          {expired !== undefined && <Notice live>{t('expired')}</Notice>}
          {deleted !== undefined && <Done>{t('deleted')}</Done>}
          {reset !== undefined && <Done>{t('reset')}</Done>}
          {isNew && <Notice>{t.rich('oldAccounts', { link: linkTo('/register') })}</Notice>}
          <Card>
            <Form form={signInForm} action={signInAction} values={{ to }} />
            <p className="actions">
              <a href="/forgot-password">{t('forgot')}</a>
              <a href="/register">{t('register')}</a>
              <a href="/pay">{t('payWithout')}</a>
              <a href="/no-power">{(await getTranslations('noPower'))('title')}</a>
              {listDirectories().length > 0 && <a href={withWayBack('/staff/sign-in', to)}>{t('asStaff')}</a>}
            </p>
          </Card>
        </div>
        <div>
          <Benefits />
          <CannotSignIn />
        </div>
      </div>
    </PageShell>
  )
}

async function CannotSignIn() {
  const t = await getTranslations('signIn')
  return (
    <Card labelledBy="cannot" title={t('cannot')}>
      <p>{t.rich('help', { link: linkTo(answerPath('cannot-sign-in')) })}</p>
      <BillerContacts contacts={await listBillerContacts()} />
    </Card>
  )
}

type BesideProps = { customer: Customer; what: 'resetBeside' | 'unsentBeside'; to?: string }

/** `to`: where who signs out and in again is led. */
async function Beside({ customer, what, to }: BesideProps) {
  const t = await getTranslations('signIn')
  const username = customer.ofDirectory ? customer.firstName : customer.username
  return (
    <PageShell title={t('title')}>
      <Notice tone={to === undefined ? 'good' : 'wait'} done={to === undefined}>
        {t(what, { username })}
      </Notice>
      <form action="/sign-out" method="post" className="flex flex-wrap items-center gap-x-5 gap-y-3">
        {to !== undefined && <input type="hidden" name="to" value={to} />}
        <Button>{t('signOut')}</Button>
        <a href={landingPage(customer)}>{t('stay', { username })}</a>
      </form>
    </PageShell>
  )
}
