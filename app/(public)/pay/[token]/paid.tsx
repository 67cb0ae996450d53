// What became of a payment by a link: it is waited for, or the bank has taken it.
import type { ReactNode } from 'react'
import { PageShell } from '@/components/page-shell.tsx'
import { PaymentDetails } from '@/components/payment-details.tsx'
import { noteKey, noteText, outcomeOf } from '@/components/payment-outcome.ts'
import { RefundList } from '@/components/refund-list.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { UnusedMoney } from '@/components/unused-money.tsx'
import { formatTime } from '@/lib/i18n/formats.ts'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import { notesOf } from '@/lib/payments/outcome-rules.ts'
import type { Payer } from '@/lib/payments/payer.ts'
import { tryAtBank } from '@/lib/payments/rules.ts'
import type { Attempt, OpenedLink } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

/** `sky`: instead of what became of it; `children`: what can be done while it is waited for. */
export async function PaidByLink({
  payer,
  link,
  payment,
  path,
  isAsked,
  sky,
  children,
}: {
  payer: Payer
  link: OpenedLink
  payment: Attempt
  path: string
  isAsked: boolean
  sky: ReactNode
  children: ReactNode
}) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const { ending, heading, title, text } = outcomeOf(payment, undefined, t, locale)
  const { askedAt, timeZone } = payment
  const isWaiting = ending === 'unknown'
  const time = isAsked && askedAt && formatTime(askedAt, locale, timeZone)
  return (
    <PageShell
      title={heading}
      sky={
        sky || (
          <Sky dawn={!isWaiting} big>
            <Sun look={isWaiting ? 'half' : 'up'} />
            <div role="status" className="stack">
              <h1>{title}</h1>
              <p>{text}</p>
              {isWaiting && time && (
                <p>{t(tryAtBank(payment).silent ? 'asked' : 'askedUntried', { time })}</p>
              )}
            </div>
            {isWaiting && !toldStopped(clock.now()) && (
              <p className="actions">
                <ButtonLink href={`${path}?asked`} icon="wait">
                  {t('lookAgain')}
                </ButtonLink>
              </p>
            )}
            <Receipts receipts={link.receipts} path={path} />
          </Sky>
        )
      }
    >
      {link.receipts.length > 1 && <Notice tone="wait">{t('paidTwice')}</Notice>}
      {notesOf(payment).map(note => (
        <Notice key={noteKey(note)} tone="wait">
          {noteText(note, payment, t, locale)}
        </Notice>
      ))}
      <UnusedMoney payment={payment} />
      {children}
      <RefundList payer={payer} payment={payment} />
      <PaymentDetails payment={payment} withContract={!link.isSent} />
    </PageShell>
  )
}

/** Of each transaction that the bank took its PDF and its page; one that stands alone needs no number. */
async function Receipts({ receipts, path }: { receipts: string[]; path: string }) {
  const t = await getTranslations('payment')
  return receipts.map((number, index) => {
    const which = receipts.length > 1 ? `?number=${number}` : ''
    return (
      <p key={number} className="actions">
        <ButtonLink
          href={`${path}/receipt.pdf${which}`}
          icon="down"
          look={index > 0 ? 'secondary' : 'primary'}
        >
          {t(which ? 'receiptPdfNumber' : 'receiptPdf', { number })}
        </ButtonLink>
        <a href={`${path}/receipt${which}`}>{t(which ? 'receiptNumber' : 'receipt', { number })}</a>
      </p>
    )
  })
}
