// How far an outage or a disconnection is.
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { type DisconnectionState, outagePhase } from '@/lib/supply/rules.ts'
import type { Outage } from '@/lib/supply/schema.ts'
import { Chip, type Tone } from './ui/chip.tsx'

/** A fault that is to come was told as one that will be. */
export function OutageChip({ outage, now, locale }: { outage: Outage; now: Date; locale: Locale }) {
  const t = translator(locale, 'supply')
  const isFault = outage.kind === 'fault'
  switch (outagePhase(outage, now)) {
    case 'now':
      return <Chip tone="wait">{t(isFault ? 'phases.fault' : 'phases.work')}</Chip>
    case 'coming':
      return <Chip>{t(isFault ? 'phases.expected' : 'phases.coming')}</Chip>
    case 'ended':
      return <Chip tone="good">{t('phases.ended')}</Chip>
    case 'cancelled':
      return <Chip icon="no">{t('phases.cancelled')}</Chip>
  }
}

const TONE: Record<DisconnectionState, Tone> = {
  announced: 'bad',
  possible: 'bad',
  averted: 'good',
  disconnected: 'bad',
  reconnecting: 'wait',
  late: 'bad',
  reconnected: 'good',
  cancelled: 'good',
}

export function DisconnectionChip({
  state,
  country,
  locale,
}: {
  state: DisconnectionState
  country: 'AL' | 'XK'
  locale: Locale
}) {
  const key = state === 'possible' ? 'announced' : state
  return <Chip tone={TONE[state]}>{translator(locale, 'supply')(`states.${key}`, { country })}</Chip>
}
