// The front door: what Drita is, and the two ways in.
import { redirect } from 'next/navigation'
import { Land } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { Benefits } from './benefits.tsx'

export default async function WelcomePage() {
  if (await currentCustomer()) redirect('/contracts')
  const t = await getTranslations('welcome')
  return (
    <>
      <title>{`${t('title')} · Drita`}</title>
      <div className="sky big front">
        <div className="wrap stack">
          <h1>{t('title')}</h1>
          <p className="lead">{t('lead')}</p>
          <p className="actions">
            <ButtonLink href="/register">{t('register')}</ButtonLink>
            <ButtonLink href="/sign-in" look="secondary">
              {t('signIn')}
            </ButtonLink>
          </p>
        </div>
        <Land />
      </div>
      <div className="wrap">
        <Benefits />
      </div>
    </>
  )
}
