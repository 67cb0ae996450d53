// The links that a customer made, and what became of each.
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip, type Tone } from '@/components/ui/chip.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { formatDayInSentence, formatList, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import { withdrawLinkForm } from '@/lib/payments/forms.ts'
import type { SentLink } from '@/lib/payments/schema.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { withdrawLinkAction } from './actions.ts'

const TONE: Partial<Record<SentLink['state'], Tone>> = { paid: 'good', beingPaid: 'wait' }

export async function SentLinks({ links }: { links: SentLink[] }) {
  const t = await getTranslations('payLinks')
  const locale = await getLocale()
  if (links.length === 0) return null
  const rows = links.map(link => {
    const { id, billerName, contractCode, currency, timeZone, periods, state, paid, surplus } = link
    const money = (minor: number) => formatMoney(minor, currency, locale)
    const day = (at: Date) => formatDayInSentence(dayIn(timeZone, at), locale)
    const which = formatList(
      periods.map(period => formatMonth(period, locale)),
      locale,
    )
    const notes = [
      `${billerName} · ${contractCode}`,
      state === 'open'
        ? t('openUntil', { day: day(link.expiresAt) })
        : t('madeOn', { day: day(link.createdAt) }),
      ...(paid > 0 ? [t('paidAmount', { amount: money(paid) })] : []),
      ...(surplus > 0 ? [t('surplus', { amount: money(surplus) })] : []),
    ]
    return {
      id,
      title: which,
      note: notes.join(' · '),
      end: <Chip tone={TONE[state]}>{t(`states.${state}`)}</Chip>,
      ways: link.canBeWithdrawn && (
        <Form
          form={withdrawLinkForm}
          action={withdrawLinkAction}
          shownFor={{ link: id }}
          beside={id}
          buttons={[
            { label: t('withdraw'), says: t('withdrawWhich', { which }), intent: 'withdraw', look: 'link' },
          ]}
        />
      ),
    }
  })
  return (
    <Card labelledBy="sent" title={t('sent')}>
      <Rows rows={rows} />
    </Card>
  )
}
