// What an account may see of a contract's holder.
import { readGrouped } from '../platform/typed.ts'

/** holder: everything. masked: everything but what names the holder. amounts: what is due, and paying it. */
export type AccessLevel = 'holder' | 'masked' | 'amounts'

/** So long a contract that was taken off a list can be put back as it was. */
export const RESTORE_HOURS = 24

/** So far ahead a holder may name the day on which they move out: nobody knows it earlier. */
export const HANDOVER_AHEAD_DAYS = 60

/**
 * So far back: it is often said late, when the next bill is there already. Who moved out before that has been billed for another's time,
 * which only the company can put right.
 */
export const HANDOVER_BACK_DAYS = 31

/** What of the paper bill an account may show: meter number and reading, or the invoice's number and total. */
export type PaperProof = 'meter' | 'number'

/** What names the holder of a contract, or proves that one has the paper bill; null: the biller does not know it. */
export type HolderFields = {
  name: string | null
  address: string | null
  phone: string | null
  personalNumber: string | null
  businessNumber: string | null
  meterNumber: string | null
}

/** Exactly what is shown, printed and exported in place of each of them. */
export const MASK = '**'

/** The fields as an account of this level sees them. Unknown ones are masked too: that nothing is known says something. */
export function maskHolder<Fields extends Partial<HolderFields>>(fields: Fields, level: AccessLevel): Fields {
  if (level === 'holder') return fields
  return Object.fromEntries(Object.keys(fields).map(field => [field, MASK])) as Fields
}

/** The meter's number as it is read off: characters between, and whether letters are small, say nothing. */
const meterSigns = (number: string) => readGrouped(number).replace(/[^\p{L}\p{N}]/gu, '')

export const sameMeter = (typed: string, known: string): boolean =>
  meterSigns(typed) !== '' && meterSigns(typed) === meterSigns(known)

/**
 * Whether a reading as people write it is `known`, a decimal string. `15.000` may be fifteen thousand or fifteen: either
 * will do.
 */
export function sameReading(typed: string, known: string): boolean {
  const digits = typed.replace(/[^\d.,]/g, '')
  const asDecimal = digits.replace(/[.,](?=.*[.,])/g, '').replace(',', '.')
  return [digits.replace(/[.,]/g, ''), asDecimal].some(
    number => number !== '' && Number(number) === Number(known),
  )
}
