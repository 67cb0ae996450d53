// What is wrong with a number that was typed, in words.
import type { Mistake, TypedAppliance } from '@/lib/estimator/address.ts'
import { typical } from '@/lib/estimator/schema.ts'
import { formatNumber } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

/** Beside its field. */
export function mistakeText({ least, most, decimals }: Mistake, locale: Locale): string {
  const t = translator(locale, 'estimator')
  const bounds = { least: formatNumber(least, locale), most: formatNumber(most, locale) }
  return decimals === 0
    ? t('wholeNumber', bounds)
    : t('number', { ...bounds, example: formatNumber(0.5, locale) })
}

/** Away from it: with the appliance, where it is of one, and the field. */
export function mistakeInSummary(
  mistake: Mistake,
  appliances: readonly TypedAppliance[],
  locale: Locale,
): string {
  const kind = mistake.row === undefined ? undefined : appliances[mistake.row]!.kind
  const what = [
    kind && translator(locale, 'estimator')(`kinds.${kind}`),
    fieldLabel(mistake.field, kind, locale),
  ]
  return `${mistakeText(mistake, locale)} (${what.filter(Boolean).join(': ')})`
}

export function fieldLabel(
  field: Mistake['field'],
  kind: TypedAppliance['kind'] | undefined,
  locale: Locale,
): string {
  const t = translator(locale, 'estimator')
  return field === 'use' ? t(`per.${typical(kind!).per}`) : t(`fields.${field}`)
}
