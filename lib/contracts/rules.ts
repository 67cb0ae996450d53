// What an account may see of a contract's holder.

/** holder: everything. masked: everything but what names the holder. amounts: what is due, and paying it. */
export type AccessLevel = 'holder' | 'masked' | 'amounts'

/** What names the holder of a contract; null: the biller does not know it. */
export type HolderFields = {
  name: string | null
  address: string | null
  phone: string | null
  personalNumber: string | null
  businessNumber: string | null
}

/** Exactly what is shown, printed and exported in place of each of them. */
export const MASK = '**'

/** The fields as an account of this level sees them. Unknown ones are masked too: that nothing is known says something. */
export function maskHolder(fields: HolderFields, level: AccessLevel): HolderFields {
  if (level === 'holder') return fields
  return { name: MASK, address: MASK, phone: MASK, personalNumber: MASK, businessNumber: MASK }
}

/**
 * An invoice's number as an account of this level sees it. Number and total together prove that one has the paper bill
 * (proveContract), so whoever has yet to prove it is not shown them side by side.
 */
export const seenInvoiceNumber = (number: string, level: AccessLevel): string =>
  level === 'amounts' ? MASK : number
