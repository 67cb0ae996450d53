// The forms about contracts.
import { biller, contractCode } from '../billers/fields.ts'
import { optional, textField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'

/** A name for a contract, of its owner's own. */
const alias = optional(textField(60))

export const addContractForm = form({
  name: 'addContract',
  fields: {
    biller,
    contractCode,
    firstName: textField(60, { autoComplete: 'given-name' }),
    lastName: textField(60, { autoComplete: 'family-name' }),
    alias,
  },
  failures: {
    contractCodeForm: 'contractCode',
    alreadyAdded: 'contractCode',
    holderRefused: 'contractCode',
    contractMismatch: 'form',
  },
})
