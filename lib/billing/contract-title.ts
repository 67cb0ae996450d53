// What a contract is called.
import type { ContractCategory, Country } from '../../db/enums.ts'
import type { Locale } from '../i18n/locale.ts'
import { categoryName } from './tariff-groups.ts'

/** Its alias as its owner wrote it, else where it is (`address` of the holder alone), else what it is and whose. */
export const contractTitle = (
  contract: {
    alias: string | null
    address: string | null
    category: ContractCategory
    biller: { name: string; country: Country }
  },
  locale: Locale,
): string =>
  contract.alias ??
  contract.address ??
  `${categoryName(contract.category, contract.biller.country, locale)}, ${contract.biller.name}`
