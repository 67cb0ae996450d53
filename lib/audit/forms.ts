// Looking something up in the audit log: what is typed is personal, so it is sent and not asked for by an address.
import { identifier } from '../accounts/fields.ts'
import { anyBiller, contractCode } from '../billers/fields.ts'
import { optional, textField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'

/** One of a customer, a contract and a case. */
export const auditForm = form({
  name: 'audit',
  fields: {
    identifier: optional({ ...identifier, autoComplete: 'off' }),
    biller: anyBiller,
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
