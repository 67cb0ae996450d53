// Billers' codes, and contract codes: their form per biller, and how they are stored.
import { foldName } from '../platform/names.ts'
import { readCode } from '../platform/typed.ts'

export const billerCodes = ['oshee', 'kesco', 'ukt', 'albtelecom', 'digitalb', 'police-fines'] as const
export type BillerCode = (typeof billerCodes)[number]

/**
 * A contract code as it is stored (`dpr 6687` of KESCO: `DPR-6687`), in whatever spelling and alphabet; undefined where it
 * is none of the biller's. Billers but OSHEE and KESCO: 4 to 20 letters, digits, dots and hyphens, capital or not as written.
 */
export function readContractCode(biller: BillerCode, typed: string): string | undefined {
  const code = readCode(typed).replaceAll(' ', '')
  if (biller === 'oshee') return osheeCode(code) ?? osheeCode(inLatin(typed))
  if (biller === 'kesco') return kescoCode(code) ?? kescoCode(inLatin(typed))
  return /^[A-Za-z0-9.-]{4,20}$/.test(code) ? code : undefined
}

function osheeCode(code: string): string | undefined {
  const [, first, second] =
    /^(AL)-?(\d{7})$/.exec(code.toUpperCase()) ??
    /^([A-Z]{2}\d)[.-]?([A-Z]\d{13})$/.exec(code.toUpperCase()) ??
    []
  return first && (first === 'AL' ? `AL${second}` : `${first}.${second}`)
}

function kescoCode(code: string): string | undefined {
  const match = /^(DPR|DMI|DPE|DPZ|DFE|DGL|DGJ)[.-]?(\d{3,8})$/.exec(code.toUpperCase())
  return match ? `${match[1]}-${match[2]}` : undefined
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
