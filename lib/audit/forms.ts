// Looking something up in the audit log: what is typed is personal, so it is sent and not asked for by an address.
import { identifier } from '../accounts/fields.ts'
import { type BillerCode, billerCodes } from '../billers/contract-codes.ts'
import { contractCode } from '../billers/fields.ts'
import { optional, textField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'

const chosenBiller: Field<BillerCode | undefined> = {
  kind: 'select',
  options: billerCodes,
  read: typed => ({ value: billerCodes.find(code => code === typed) }),
}

/** One of a customer, a contract and a case. */
export const auditForm = form({
  name: 'audit',
  fields: {
    identifier: optional({ ...identifier, autoComplete: 'off' }),
    biller: chosenBiller,
    contractCode: optional(contractCode),
    caseNumber: optional(textField(20, { short: true })),
  },
  groups: {
    what: [
      ['identifier', 'caseNumber'],
      ['biller', 'contractCode'],
    ],
  },
  together: ({ identifier, biller, contractCode, caseNumber }) => {
    const named = [identifier, contractCode, caseNumber].filter(Boolean).length
    if (named !== 1) return { identifier: 'nameOne' }
    return contractCode && !biller ? { biller: 'chooseBiller' } : {}
  },
  failures: { noAccount: 'identifier', noContract: 'contractCode', noCase: 'caseNumber' },
})
