// What a contract is called.
import type { Country } from '../../db/enums.ts'
import type { Locale } from '../i18n/locale.ts'
import type { TitleFields } from './schema.ts'
import { categoryName } from './tariff-groups.ts'

export type Titled = TitleFields & { code: string; biller: { name: string; country: Country } }

/** Its alias as its owner wrote it, else where it is, else what it is, whose, and by its code, for there may be several. */
export const contractTitle = (contract: Titled, locale: Locale): string =>
  contract.alias ??
  contract.address ??
  `${categoryName(contract.category, contract.biller.country, locale)}, ${contract.biller.name} ${contract.code}`

/** Nothing else names it, so that its code need not stand beside its title. */
export const isCalledByCode = ({ alias, address }: TitleFields): boolean => (alias ?? address) === null
