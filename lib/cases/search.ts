// What staff search a queue for.
import { billerCodes, billerOf } from '../../db/billers.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { readCode } from '../platform/typed.ts'
import { requestCodes } from './catalogue.ts'

/**
 * What a queue is searched for, as its address has it: a request's number or a contract's code; undefined where it is neither. An
 * address says nothing personal, so a code is one whose form is known: any other word may be a name or somebody's number.
 */
export function readSearch(typed: string): string | undefined {
  const number = readCode(typed).replaceAll(' ', '').toUpperCase()
  if (/^..\d{9}$/.test(number) && requestCodes.some(code => number.startsWith(code))) return number
  const codes = billerCodes.map(biller => billerOf(biller).contractCodes && readContractCode(biller, typed))
  return codes.find(code => code !== undefined)
}
