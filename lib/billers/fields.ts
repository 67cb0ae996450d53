// The fields that name a biller and one of its contracts.
import { choiceField, typedField } from '../forms/fields.ts'
import { readLine } from '../platform/typed.ts'
import { type BillerCode, billerCodes, readContractCode } from './contract-codes.ts'

export const biller = choiceField('select', billerCodes, 'chooseBiller')

/** Of the biller chosen before it; without one any code will do. */
export const contractCode = typedField<string>(40, {}, readLine, (typed, { biller }) => {
  const code = biller ? readContractCode(biller as BillerCode, typed) : typed
  return code ? { value: code } : { error: 'contractCodeForm' }
})
