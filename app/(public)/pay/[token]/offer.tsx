// What can be paid by a link now: amounts, months and days, and the button that leads to the bank.
import { ContactLinks } from '@/components/contact-links.tsx'
import { Form } from '@/components/form.tsx'
import { stoppedText } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { outcomeOf } from '@/components/payment-outcome.ts'
import { ClearSky, Sky } from '@/components/sky.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import {
  formatDayInSentence,
  formatList,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatNearDay,
} from '@/lib/i18n/formats.ts'
import { payByLinkForm } from '@/lib/payments/forms.ts'
import { type Attempt, type OpenedLink, writeTotals } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { payByLinkAction } from './actions.ts'

type OfLink = { link: OpenedLink }

/** `before`: a try to pay by it that came to nothing. */
export async function Offer({ link, token, before }: OfLink & { token: string; before?: Attempt }) {
  const t = await getTranslations('payByLink')
  const locale = await getLocale()
  const { invoices, isSent, biller, currency } = link
  if (invoices.length === 0) {
    const title = t('nothing')
    return (
      <PageShell
        title={title}
        sky={<ClearSky title={title} text={t('nothingText')} home={t('front')} href="/" />}
      >
        <Gone link={link} />
      </PageShell>
    )
  }
  const amount = formatMoney(sumOf(invoices, 'total'), currency, locale)
  const late = invoices.find(({ overdue }) => overdue)
  const stopped = stoppedText(clock.now(), locale)
  const outcome = before && outcomeOf(before, undefined, await getTranslations('payment'), locale)
  return (
    <PageShell
      title={t('heading', { amount })}
      sky={
        <Sky>
          <div className="stack">
            <h1>
              {t(isSent ? 'asked' : 'found', { count: invoices.length, supply: supplyOf(biller.code) })}
            </h1>
            <p className="text-muted">{t('to', { biller: biller.name })}</p>
            <p className="sum">{amount}</p>
            {late && (
              <p>
                <Chip {...invoiceStatus({ ...late, state: 'overdue' }, link.today, locale)} />
              </p>
            )}
          </div>
        </Sky>
      }
      wide
    >
      {outcome && (
        <Notice tone="wait" live>
          <p>
            <b>{outcome.title}.</b> {outcome.text}
          </p>
        </Notice>
      )}
      {link.beingPaid && <Notice tone="wait">{t('beingPaid')}</Notice>}
      <Gone link={link} />
      <div className="columns">
        <div>
          <WhatIsPaid link={link} amount={amount} />
          <Card>
            <Form
              form={payByLinkForm}
              action={payByLinkAction}
              shownFor={{
                token,
                totals: writeTotals(invoices),
                // Whoever sends it has read so.
                ...(link.beingPaid && { beingPaid: 'told' }),
              }}
              without={isSent ? [] : ['email']}
              buttons={stopped ? [] : [{ label: t('pay', { amount }) }]}
              below={
                stopped ? (
                  <p>{stopped}</p>
                ) : (
                  <p className="text-sm text-muted">{t('card', { country: biller.country })}</p>
                )
              }
            />
          </Card>
        </div>
        <div>
          <BeforePaying link={link} />
        </div>
      </div>
    </PageShell>
  )
}

/** What dropped out since the link was made. */
async function Gone({ link: { gone, biller } }: OfLink) {
  const t = await getTranslations('payByLink')
  const locale = await getLocale()
  return [false, true].map(isCancelled => {
    const some = gone.filter(one => one.isCancelled === isCancelled)
    const months = formatList(
      some.map(({ period }) => formatMonthInSentence(period, locale)),
      locale,
    )
    return (
      some.length > 0 && (
        <Notice key={String(isCancelled)}>
          {t(isCancelled ? 'goneCancelled' : 'gonePaid', {
            count: some.length,
            months,
            supply: supplyOf(biller.code),
          })}
        </Notice>
      )
    )
  })
}

async function WhatIsPaid({ link, amount }: OfLink & { amount: string }) {
  const t = await getTranslations('payByLink')
  const locale = await getLocale()
  const { invoices, currency, today, perDay } = link
  const money = (minor: number) => formatMoney(minor, currency, locale)
  return (
    <Card labelledBy="what" title={t('what')}>
      <Rows
        rows={invoices.map(invoice => ({
          id: String(invoice.id),
          title: formatMonth(invoice.period, locale),
          note:
            invoice.interest > 0
              ? t('withInterest', { amount: money(invoice.interest) })
              : t('dueOn', { day: formatNearDay(invoice.dueOn, today, locale) }),
          end: (
            <>
              <b>{money(invoice.total)}</b>
              <br />
              <Chip
                {...invoiceStatus(
                  { ...invoice, state: invoice.overdue ? 'overdue' : 'unpaid' },
                  today,
                  locale,
                )}
              />
            </>
          ),
        }))}
      />
      <Facts sum facts={[{ label: t('total'), value: amount }]} />
      <p className="text-sm text-muted">
        {perDay > 0 && `${t('perDay', { amount: money(perDay) })} `}
        {t('countedAgain')}
      </p>
    </Card>
  )
}

async function BeforePaying({ link: { isSent, biller, lastDay } }: OfLink) {
  const t = await getTranslations('payByLink')
  const day = formatDayInSentence(lastDay, await getLocale())
  const { name, phone, email } = biller
  return (
    <>
      <Card labelledBy="before" title={t('before')}>
        <Rows
          rows={[
            { id: 'amounts', icon: 'access', title: t('amounts.title'), note: t('amounts.text') },
            isSent
              ? { id: 'told', icon: 'mail', title: t('told.title'), note: t('told.text') }
              : { id: 'back', icon: 'device', title: t('back.title'), note: t('back.text') },
            {
              id: 'until',
              icon: 'due',
              title: t('until.title', { day }),
              note: t(isSent ? 'until.sent' : 'until.own'),
            },
          ]}
        />
      </Card>
      {(isSent || (phone ?? email)) && (
        <Notice>
          {isSent && (
            <p>
              <b>{t('unsure')}</b> {t('callThem')}
            </p>
          )}
          {(phone ?? email) && (
            <p>
              {t('questions', { biller: name })} <ContactLinks phone={phone} email={phone ? null : email} />
            </p>
          )}
        </Notice>
      )}
    </>
  )
}
