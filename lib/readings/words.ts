// What was read on a meter, in words.
import { formatNumber, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { ReadingValues } from './schema.ts'

/** `18.560 kWh`; of a meter with two registers each with its name. */
export function readingWords(
  { high, low }: ReadingValues,
  { unit }: { unit: string },
  locale: Locale,
): string {
  if (low === null) return formatUnits(high, unit, locale)
  return translator(locale, 'reading')('two', {
    high: formatNumber(high, locale),
    low: formatUnits(low, unit, locale),
  })
}
