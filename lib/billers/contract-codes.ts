// Billers' codes, and contract codes: their form per biller, and how they are stored.
import { type BillerCode, billerCodes, billerOf } from '../../db/billers.ts'
import { foldName } from '../platform/names.ts'
import { readCode } from '../platform/typed.ts'

export { type BillerCode, billerCodes }

/** Those whose bill on paper is known, each with one of its codes as an example. */
export const billsOnPaper = billerCodes.flatMap(biller => {
  const { country, codeOnPaper } = billerOf(biller)
  return codeOnPaper ? [{ biller, country, code: codeOnPaper }] : []
})

/** Of a biller whose codes have no form that is known. */
const ANY_CODE = /^[A-Za-z0-9.-]{4,20}$/

/**
 * A contract code as it is stored (`dpr 6687` of KESCO: `DPR-6687`), in whatever spelling and alphabet; undefined where it
 * is none of the biller's.
 */
export function readContractCode(biller: BillerCode, typed: string): string | undefined {
  const code = readCode(typed).replaceAll(' ', '')
  const { contractCodes } = billerOf(biller)
  if (!contractCodes) return ANY_CODE.test(code) ? code : undefined
  for (const capitals of [code, inLatin(typed)].map(one => one.toUpperCase())) {
    const known = contractCodes.find(({ form }) => form.test(capitals))
    if (known) return capitals.replace(known.form, known.stored)
  }
  return undefined
}

/** Typed on a Cyrillic keyboard: `дпр 6687`. */
const inLatin = (typed: string) =>
  /\p{Script=Cyrillic}/u.test(typed) ? foldName(typed).replaceAll(' ', '') : ''

/** The contract that an address names, its parts as they stand there: codes in any spelling. */
export function readContractAddress(address: { biller: string; code: string }) {
  const biller = billerCodes.find(code => code === address.biller.toLowerCase())
  const code = biller && readContractCode(biller, decoded(address.code))
  return code === undefined ? undefined : { biller: biller!, code }
}

/** The framework leaves a part of an address as it is encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
