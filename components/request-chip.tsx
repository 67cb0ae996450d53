// How a request stands, as its customers read it.
import type { CaseState } from '@/lib/cases/rules.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { CASE_LOOK } from './case-chip.tsx'
import { Chip } from './ui/chip.tsx'

export function RequestChip({ state, locale }: { state: CaseState | 'late'; locale: Locale }) {
  const look = state === 'late' ? ({ tone: 'bad' } as const) : CASE_LOOK[state]
  return <Chip {...look}>{translator(locale, 'requests')(`states.${state}`)}</Chip>
}
