// How a payment and a refund stand, and what troubles one, in a word; and amounts as banks tell them.
import { Chip, type Tone } from '@/components/ui/chip.tsx'
import type { IconName } from '@/components/ui/icon.tsx'
import { formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { AttemptEntry, RefundEntry, Trouble } from '@/lib/payment-desk/schema.ts'
import { plainAmount } from '@/lib/platform/money.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** A bank's file may name any currency. */
export function bankMoney(amount: number, currency: string | null, locale: Locale): string {
  return currency === 'ALL' || currency === 'EUR'
    ? formatMoney(amount, currency, locale)
    : `${plainAmount(amount)} ${currency ?? ''}`.trim()
}

const ATTEMPTS: Record<AttemptEntry['state'], [Tone, IconName?]> = {
  created: ['wait'],
  pending: ['wait'],
  authorised: ['wait'],
  in_doubt: ['wait'],
  captured: ['good'],
  declined: ['plain', 'no'],
  cancelled: ['plain', 'no'],
  expired: ['plain', 'no'],
  voided: ['plain', 'back'],
}

export async function AttemptChip({ state }: Pick<AttemptEntry, 'state'>) {
  const t = await getTranslations('paymentDesk')
  const [tone, icon] = ATTEMPTS[state]
  return (
    <Chip tone={tone} icon={icon}>
      {t(`states.${state}`)}
    </Chip>
  )
}

const REFUNDS: Record<RefundEntry['state'], [Tone, IconName?]> = {
  requested: ['wait'],
  submitted: ['wait'],
  unknown: ['wait', 'help'],
  succeeded: ['good'],
  rejected: ['plain', 'no'],
  failed: ['bad'],
}

export async function RefundChip({ state }: Pick<RefundEntry, 'state'>) {
  const t = await getTranslations('paymentDesk')
  const [tone, icon] = REFUNDS[state]
  return (
    <Chip tone={tone} icon={icon}>
      {t(`refundStates.${state}`)}
    </Chip>
  )
}

export async function TroubleChip({ trouble }: { trouble: Trouble }) {
  const t = await getTranslations('paymentDesk')
  if (trouble.kind === 'refund') return <RefundChip state={trouble.why} />
  if (trouble.kind === 'surplus') return <Chip icon="plus">{t('chips.unused')}</Chip>
  if (trouble.kind === 'inDoubt') return <AttemptChip state={trouble.why} />
  return <Chip tone="bad">{t('chips.differs')}</Chip>
}

export async function troubleWords(trouble: Trouble): Promise<string> {
  const t = await getTranslations('paymentDesk')
  if (trouble.kind === 'refund') return t('refundAsked')
  if (trouble.kind === 'inDoubt') return t(`attempts.${trouble.why}`)
  return trouble.kind === 'surplus' ? t(`surplus.${trouble.why}`) : t(`exceptions.${trouble.why}`)
}
