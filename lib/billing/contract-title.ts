// What a contract is called.
import type { Country } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { supplyOf } from '../billers/supply.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { TitleFields } from './schema.ts'
import { groupBy } from './statement-rules.ts'
import { categoryName } from './tariff-groups.ts'

export type Titled = TitleFields & {
  code: string
  biller: { code: BillerCode; name: string; country: Country }
}

/** Its alias as its owner wrote it, else where it is, else what it is, whose, and by its code, for there may be several. */
export const contractTitle = (contract: Titled, locale: Locale): string =>
  contract.alias ??
  contract.address ??
  `${whatItIs(contract, locale)}, ${contract.biller.name} ${contract.code}`

/** Their titles where one has to be told from the other: those that are alike say whose they are, and by what code if need be. */
export function distinctTitles(contracts: readonly Titled[], locale: Locale): (contract: Titled) => string {
  const short = (contract: Titled) => contractTitle(contract, locale)
  const longer = (contract: Titled) => `${short(contract)}, ${contract.biller.name}`
  const isOne = (name: (contract: Titled) => string) => {
    const named = groupBy(contracts, name)
    const alone = new Set(named.filter(({ length }) => length === 1).map(([one]) => name(one)))
    return (contract: Titled) => alone.has(name(contract))
  }
  const [isShortEnough, isLongEnough] = [isOne(short), isOne(longer)]
  return contract => {
    if (isShortEnough(contract)) return short(contract)
    return isLongEnough(contract) ? longer(contract) : `${longer(contract)} ${contract.code}`
  }
}

/** Electricity is told by who uses it, for most have that alone; others by what they supply. */
function whatItIs({ category, biller }: Titled, locale: Locale): string {
  const supply = supplyOf(biller.code)
  return supply === 'electricity'
    ? categoryName(category, biller.country, locale)
    : translator(locale, 'words')(`supplies.${supply}`)
}

/** Heads what is supplied where. */
export function supplyTitle(biller: BillerCode, locale: Locale): string {
  const supply = supplyOf(biller)
  return supply === 'electricity'
    ? translator(locale, 'invoiceDocument')('supply')
    : translator(locale, 'words')(`supplies.${supply}`)
}

/** Nothing else names it, so that its code need not stand beside its title. */
export const isCalledByCode = ({ alias, address }: TitleFields): boolean => (alias ?? address) === null
