// Tariff groups and categories of contracts in words.

import { type BillerCode, billerOf } from '../../db/billers.ts'
import type { ContractCategory, Country } from '../../db/enums.ts'
import { formatNumber } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'

/** The name of a tariff group that is known of its biller; undefined for any other, which prints as its biller gave it. */
export function tariffGroupName(biller: BillerCode, group: string, locale: Locale): string | undefined {
  const known = billerOf(biller).tariffGroups?.find(({ form }) => form.test(group))
  if (!known) return undefined
  const [, voltage] = known.form.exec(group)!
  const values = { code: group, voltage: voltage ? formatNumber(voltage, locale) : '' }
  return translator(locale, 'tariff')(`groups.${known.name}`, values)
}

/** Its meter has one register, which counts by day and night alike. */
export const isOneRate = (biller: BillerCode, group: string | null): boolean =>
  rateName(biller, group) === 'oneRate'

const rateName = (biller: BillerCode, group: string | null) =>
  group === null ? undefined : billerOf(biller).tariffGroups?.find(({ form }) => form.test(group))?.name

/** Its meter has two: the one counts by day, the other at night. */
export const isTwoRates = (biller: BillerCode, group: string | null): boolean =>
  rateName(biller, group) === 'twoRates'

/** `household` as the country's law calls it: amvisëri in Kosovo, familjar in Albania. */
export const categoryName = (category: ContractCategory, country: Country, locale: Locale): string =>
  translator(locale, 'tariff')(`categories.${category}`, { country })
