// The front door: what Drita is, and the two ways in.
import { redirect } from 'next/navigation'
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
      <div className="hero bg-night text-on-night">
        <div className="mx-auto grid max-w-5xl items-end gap-x-10 gap-y-6 px-4 pt-6 sm:pt-12 md:grid-cols-[3fr_2fr]">
          <div className="space-y-5 md:pb-14">
            <h1 className="text-3xl text-balance sm:text-4xl">{t('title')}</h1>
            <p className="text-lg">{t('lead')}</p>
            <p className="flex flex-wrap gap-3">
              <ButtonLink href="/register">{t('register')}</ButtonLink>
              <ButtonLink href="/sign-in" look="secondary">
                {t('signIn')}
              </ButtonLink>
            </p>
          </div>
          <Sunrise />
        </div>
      </div>
      <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:py-10">
        <Benefits />
      </div>
    </>
  )
}

/** The mark, at dawn: it stands on the edge of the night. */
function Sunrise() {
  return (
    <svg aria-hidden="true" viewBox="20 12 280 138" className="mx-auto w-48 md:w-full" fill="none">
      <path d="M88 150a72 72 0 0 1 144 0z" className="fill-light" />
      <path
        d="M256.6 124.1 285.6 116.4M63.4 124.1 34.4 116.4M230.7 79.3 251.9 58.1M89.3 79.3 68.1 58.1M185.9 53.4 193.6 24.4M134.1 53.4 126.4 24.4"
        stroke="currentColor"
        strokeWidth="9"
        strokeLinecap="round"
      />
    </svg>
  )
}
