// The front door: what Drita is, and the two ways in.
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { Benefits } from './benefits.tsx'

export default async function WelcomePage() {
  if (await currentCustomer()) redirect('/contracts')
  const t = await getTranslations('welcome')
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <p className="flex flex-wrap gap-3">
        <ButtonLink href="/register">{t('register')}</ButtonLink>
        <ButtonLink href="/sign-in" look="secondary">
          {t('signIn')}
        </ButtonLink>
      </p>
      <Benefits />
    </PageShell>
  )
}
