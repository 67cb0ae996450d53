// What staff search payments for.
import { billerCodes, billerOf } from '../../db/billers.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { readCode } from '../platform/typed.ts'

/**
 * A payment's number, with the end of a receipt or of an order at a bank or without, or a contract's code, as an address has it;
 * undefined where it is neither. An address says nothing personal, so a code is one whose form is known: any other word may be a name.
 */
export function readPaymentSearch(typed: string): string | undefined {
  const number = readCode(typed).replaceAll(' ', '').toUpperCase()
  if (/^D\d{10,14}([-_.]\d{1,4}){0,2}$/.test(number)) return number
  const codes = billerCodes.map(biller => billerOf(biller).contractCodes && readContractCode(biller, typed))
  return codes.find(code => code !== undefined)
}
