// A link to pay by: what can be paid by it now, or what became of the payment. Opening it changes nothing, however often a scanner does.
import { PageShell } from '@/components/page-shell.tsx'
import { ToBankNow, Waiting } from '@/components/payment-waiting.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import { endingOf } from '@/lib/payments/outcome-rules.ts'
import { openPayLink } from '@/lib/payments/pay-links.ts'
import { isUnknown, tryAtBank } from '@/lib/payments/rules.ts'
import { parseLinkToken } from '@/lib/payments/schema.ts'
import { upToDate } from '@/lib/payments/up-to-date.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { setStatus } from '@/lib/request/status.ts'
import { cancelByLinkAction } from './actions.ts'
import { Offer } from './offer.tsx'
import { PaidByLink } from './paid.tsx'

type Props = PageProps<'token', 'asked' | 'unfinished' | 'bank'>

export default async function PayLinkPage({ params, searchParams }: Props) {
  const token = parseLinkToken((await params).token)
  const now = clock.now()
  const link = token && (await openPayLink(token, now))
  if (!link) return <Ended why="unknown" />
  const { asked, unfinished, bank } = await searchParams
  const isAsked = asked !== undefined
  const payer = { payLinkId: link.id }
  const payment =
    link.attemptId && (await upToDate(payer, link.attemptId, isAsked ? 'wanted' : 'looking', now))
  const path = `/pay/${token}`
  const ending = payment ? endingOf(payment) : undefined
  if (payment && (ending === 'unknown' || ending === 'captured')) {
    const t = await getTranslations('payByLink')
    const isWaiting = isUnknown(payment.state) && payment.captures.length === 0
    const goesOn = isWaiting && bank !== undefined && tryAtBank(payment).open && !toldStopped(now)
    return (
      <PaidByLink
        payer={payer}
        link={link}
        payment={payment}
        path={path}
        isAsked={isAsked}
        sky={goesOn && <ToBankNow payment={payment} />}
      >
        {isWaiting && (
          <Waiting
            payer={{ ...payer, language: await getLocale() }}
            payment={payment}
            path={path}
            wayBack={t('wayBack')}
            wantsOut={unfinished !== undefined}
            goesOn={goesOn}
            onward={`${path}/continue`}
            cancel={cancelByLinkAction}
            shownFor={{ token, payment: payment.id }}
          />
        )}
      </PaidByLink>
    )
  }
  if (link.end) return <Ended why={link.end} />
  return <Offer link={link} token={token} before={payment || undefined} />
}

/** A page that says kindly that nothing can be paid here: unknown is not found, all else is gone. */
async function Ended({ why }: { why: 'unknown' | 'withdrawn' | 'expired' }) {
  setStatus(why === 'unknown' ? 404 : 410)
  const t = await getTranslations('payByLink')
  return (
    <PageShell title={t(`ended.${why}.title`)} lead={<p className="lead">{t(`ended.${why}.text`)}</p>}>
      <p className="actions">
        <ButtonLink href="/pay" look="secondary" icon="pay">
          {t('other')}
        </ButtonLink>
      </p>
    </PageShell>
  )
}
