// How an application for a certificate stands; once it is issued, how the certificate does.
import type { ListedApplication } from '@/lib/cases/own-certificates.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { CASE_LOOK } from './case-chip.tsx'
import { Chip, type Tone } from './ui/chip.tsx'
import type { IconName } from './ui/icon.tsx'

const LOOK = {
  valid: { tone: 'good', icon: 'check' },
  expired: { tone: 'plain', icon: 'due' },
  superseded: { tone: 'plain', icon: 'back' },
  revoked: { tone: 'plain', icon: 'no' },
} as const satisfies Record<string, { tone: Tone; icon: IconName }>

type ChipProps = { one: Pick<ListedApplication, 'state' | 'validity'>; locale: Locale }

export function CertificateChip({ one: { state, validity }, locale }: ChipProps) {
  const t = translator(locale, 'certificates')
  return validity ? (
    <Chip {...LOOK[validity]}>{t(`validity.${validity}`)}</Chip>
  ) : (
    <Chip {...CASE_LOOK[state]}>{t(`states.${state}`)}</Chip>
  )
}
