// Back from the bank after paying by a link: on to the link where this browser began, else how the payment stands, and nothing more.
import { notFound, redirect } from 'next/navigation'
import { WaitsForMaintenance } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { payingCookie } from '@/lib/auth/sealed-cookie.ts'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import { endingOf } from '@/lib/payments/outcome-rules.ts'
import { findLinkOf, findToken } from '@/lib/payments/pay-links.ts'
import { tryAtBank } from '@/lib/payments/rules.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import { upToDate } from '@/lib/payments/up-to-date.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function ReturnedPage({ params, searchParams }: PageProps<'id', 'asked'>) {
  const id = parseAttemptId((await params).id)
  const payLinkId = id && (await findLinkOf(id))
  if (!payLinkId) notFound()
  const now = clock.now()
  const token = await findToken(payLinkId, await payingCookie.read())
  if (token) redirect(`/pay/${token}`)
  const isAsked = (await searchParams).asked !== undefined
  const payment = await upToDate({ payLinkId }, id, isAsked ? 'wanted' : 'looking', now)
  if (!payment) notFound()
  const t = await getTranslations('payReturned')
  const said = await getTranslations('payment')
  const ending = endingOf(payment)
  const isWaiting = ending === 'unknown'
  const isPaid = ending === 'captured'
  const stopped = toldStopped(now)
  const title = isWaiting
    ? said(`states.unknown.${tryAtBank(payment).silent ? 'silent' : 'unfinished'}`)
    : isPaid
      ? t('paid')
      : said(`states.${ending}.title`)
  return (
    <PageShell
      title={title}
      sky={
        <Sky dawn={isPaid} big>
          {(isPaid || isWaiting) && <Sun look={isPaid ? 'up' : 'half'} />}
          <div role="status" className="stack">
            <h1>{title}</h1>
            <p>{t(isWaiting ? 'waiting' : isPaid || ending === 'reversed' ? 'receipt' : 'again')}</p>
          </div>
          {isWaiting && !stopped && (
            <p className="actions">
              <ButtonLink href={`/pay/returned/${id}?asked`} icon="wait">
                {said('lookAgain')}
              </ButtonLink>
            </p>
          )}
        </Sky>
      }
    >
      {isWaiting && stopped && <WaitsForMaintenance until={stopped} locale={await getLocale()} />}
      <p>{t('otherBrowser')}</p>
    </PageShell>
  )
}
