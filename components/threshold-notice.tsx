// A month's use near the limit from which it costs more, or above it.
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Currency } from '@/lib/platform/money.ts'
import type { Threshold } from '@/lib/tariffs/schema.ts'
import { thresholdSentence } from '@/lib/tariffs/threshold-words.ts'
import { Notice } from './ui/notice.tsx'

type ThresholdProps = { threshold: Threshold; currency: Currency; locale: Locale }

export const ThresholdNotice = ({ threshold, currency, locale }: ThresholdProps) => (
  <Notice tone="wait" icon="meter">
    <p>{thresholdSentence(threshold, currency, locale)}</p>
  </Notice>
)
