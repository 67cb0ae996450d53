// The fields that name a biller and one of its contracts, and what people type into them.
import { choiceField, NAMELESS, shapedField } from '../forms/fields.ts'
import type { Field } from '../forms/form.ts'
import { type BillerCode, billerCodes, readContractCode } from './contract-codes.ts'
import { supplyOf } from './supply.ts'

export const biller = choiceField('select', billerCodes, 'chooseBiller')

/** Staff's, where it may be left open. */
export const anyBiller: Field<BillerCode | undefined> = {
  kind: 'select',
  options: billerCodes,
  read: typed => ({ value: billerCodes.find(code => code === typed) }),
}

/** Of the biller chosen before it; without one only its length is looked at. */
export const contractCode = shapedField(
  40,
  'contractCodeForm',
  (typed, { biller }) => (biller ? readContractCode(biller as BillerCode, typed) : typed),
  { ...NAMELESS, short: true, hintsBy: 'biller' },
  // What the code looks like, and where it stands.
  ({ biller }) => ({ biller: biller as BillerCode, supply: supplyOf(biller as BillerCode) }),
)
