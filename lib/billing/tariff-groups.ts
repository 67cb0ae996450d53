// Tariff groups and categories of contracts in words.
import type { ContractCategory, Country } from '../../db/enums.ts'
import { formatNumber } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'

/**
 * The name of a tariff group that is known; undefined for any other, which prints as its biller gave it.
 * OSHEE sells to households at one price and to businesses by the voltage they are supplied at (0.4, 6, 10, 20 and
 * 35 kV: the published prices from 2015 on); its feed writes `household` and `business-0.4kv`. KESCO's household groups
 * follow its published sample bills: 4/01 bills one rate, 4/02 a high and a low one. Which is which is inferred from
 * those bills, unverified, so the group itself stays in the name.
 */
export function tariffGroupName(biller: string, group: string, locale: Locale): string | undefined {
  const t = translator(locale, 'tariff')
  if (biller === 'kesco') {
    if (group === '4/01') return t('groups.oneRate', { code: group })
    return group === '4/02' ? t('groups.twoRates', { code: group }) : undefined
  }
  if (biller !== 'oshee') return undefined
  if (group === 'household') return t('groups.household')
  const voltage = /^business-(0\.4|6|10|20|35)kv$/.exec(group)?.[1]
  return voltage && t('groups.business', { voltage: formatNumber(voltage, locale) })
}

/** `household` as the country's law calls it: amvisëri in Kosovo, familjar in Albania. */
export const categoryName = (category: ContractCategory, country: Country, locale: Locale): string =>
  translator(locale, 'tariff')(`categories.${category}`, { country })
