// What a biller supplies, for words and icons about its contracts, and its own mark.

import type { Logo } from '../../db/billers/biller.ts'
import { type BillerCode, billerOf } from '../../db/billers.ts'
import type { CertificateKind, Country, Supply } from '../../db/enums.ts'

export type { Logo, Supply }

export const supplyOf = (biller: BillerCode): Supply => billerOf(biller).supplies

/** Fines are no supply: they are of no place, and nobody moves out of one. */
export const isSupply = (biller: BillerCode): boolean => supplyOf(biller) !== 'fines'

export const hasMeters = (biller: BillerCode): boolean => billerOf(biller).unit !== 'none'

/** Whether it issues debt certificates of this kind; of none named: of any. */
export const issues = (biller: BillerCode, kind?: CertificateKind): boolean => {
  const { certificates } = billerOf(biller)
  return kind ? certificates.includes(kind) : certificates.length > 0
}

/** Albania collects the TV tax with bills of electricity; of others there is none to speak of. */
export const collectsTvTax = (biller: BillerCode): boolean => {
  const { supplies, country } = billerOf(biller)
  return supplies === 'electricity' && country === 'AL'
}

/** Undefined where it has handed none over: then its name stands alone. */
export const logoOf = (biller: BillerCode): Logo | undefined => billerOf(biller).logo

/** By which texts choose what a contract's code, its invoices or a meter are called. */
export const wordsFor = ({ code, country }: { code: BillerCode; country: Country }) => ({
  country,
  supply: supplyOf(code),
})
