// Billers' codes, and contract codes: their form per biller, and how they are stored.

export const billerCodes = ['oshee', 'kesco', 'ukt', 'albtelecom', 'digitalb', 'police-fines'] as const
export type BillerCode = (typeof billerCodes)[number]

/**
 * A contract code as it is stored (`dpr 6687` of KESCO: `DPR-6687`), whatever spaces stand in it; undefined where it is
 * none of the biller's. Billers but OSHEE and KESCO: 4 to 20 letters, digits, dots and hyphens, kept as written.
 */
export function normaliseContractCode(biller: BillerCode, text: string): string | undefined {
  const typed = text.replace(/\s/g, '').toUpperCase()
  if (biller === 'oshee') {
    return /^(AL\d{7}|[A-Z]{2}\d\.[A-Z]\d{13})$/.test(typed) ? typed : undefined
  }
  if (biller === 'kesco') {
    const match = /^(DPR|DMI|DPE|DPZ|DFE|DGL|DGJ)-?(\d{3,8})$/.exec(typed)
    return match ? `${match[1]}-${match[2]}` : undefined
  }
  return /^[A-Za-z0-9.-]{4,20}$/.test(text) ? text : undefined
}
