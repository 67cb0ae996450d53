// Who hears a complaint that a biller did not answer in time, or not to the customer's satisfaction.
import type { Country } from '../../db/enums.ts'
import type { BillerCode } from './contract-codes.ts'

export type Regulator = 'ERE' | 'ERO' | 'ERRU' | 'AKEP' | 'ARKEP'

/** Telephone and television, whose units are not counted. */
const COMMUNICATIONS: readonly string[] = ['albtelecom', 'digitalb'] satisfies BillerCode[]

/**
 * Electricity: ERE in Albania, ERO in Kosovo. Water in Albania: ERRU. Telephone and television: AKEP in Albania, ARKEP
 * in Kosovo. Undefined where none is known, as for fines. `unit` is what the biller's invoices count.
 */
export function regulatorOf(biller: { code: string; country: Country; unit: string }): Regulator | undefined {
  const inAlbania = biller.country === 'AL'
  if (biller.unit === 'kWh') return inAlbania ? 'ERE' : 'ERO'
  if (biller.unit === 'm3') return inAlbania ? 'ERRU' : undefined
  if (COMMUNICATIONS.includes(biller.code)) return inAlbania ? 'AKEP' : 'ARKEP'
  return undefined
}
