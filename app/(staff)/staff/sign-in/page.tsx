// Staff choose the company whose directory signs them in; and what is said where that did not work.
import { redirect } from 'next/navigation'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { pageAfterSignIn } from '@/lib/accounts/sign-in.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { listDirectories, signInFailures } from '@/lib/directories/sign-in.ts'
import { wayBack, withWayBack } from '@/lib/platform/paths.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function StaffSignInPage({ searchParams }: PageProps<never, 'failed' | 'state' | 'to'>) {
  const { failed: said, state, to: asked } = await searchParams
  const to = wayBack.parse(asked)
  const customer = await currentCustomer()
  if (customer?.isStaff) redirect(pageAfterSignIn(customer, to))
  const t = await getTranslations('staffSignIn')
  const failed = signInFailures.find(one => one === said)
  const directories = listDirectories()
  const byPassword = linkTo(withWayBack('/sign-in', to))
  return (
    <PageShell title={t('title')}>
      {failed && (
        <Notice tone="bad" live>
          {t(`failed.${failed}`)}
        </Notice>
      )}
      {/* The directory sends it back with whoever has signed out there. */}
      {state === 'out' && !failed && <Done>{t('signedOut')}</Done>}
      {directories.length > 0 ? (
        <Card>
          <p>{t('lead')}</p>
          {directories.map(({ code, name }) => (
            <form key={code} action="/staff/sign-in/begin" method="post" className="actions">
              <input type="hidden" name="directory" value={code} />
              <input type="hidden" name="to" value={to} />
              <Button look="secondary">{t('submit', { name })}</Button>
            </form>
          ))}
          <p>{t.rich('byPassword', { link: byPassword })}</p>
        </Card>
      ) : (
        <Notice>{t.rich('none', { link: byPassword })}</Notice>
      )}
    </PageShell>
  )
}
