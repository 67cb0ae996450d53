// The forms with which staff serve somebody who stands at the counter, or calls.
import { identityDocuments } from '../../db/enums.ts'
import { identifier } from '../accounts/fields.ts'
import { biller, contractCode } from '../billers/fields.ts'
import { asked, boxField, choiceField, optional, shapedField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { readCode } from '../platform/typed.ts'

/** The last four characters of a document's number: whoever types all of it is told not to. */
const documentEnding = shapedField(
  30,
  'documentEndingForm',
  typed => /^[\p{L}\d]{4}$/u.exec(readCode(typed).toUpperCase())?.[0],
  { short: true },
)

/** The account's person, whose identity document was seen, is the holder of the contract. */
export const recogniseForm = form({
  name: 'counter',
  fields: {
    identifier: { ...identifier, autoComplete: 'off' },
    biller,
    contractCode,
    identityDocument: choiceField('select', identityDocuments),
    documentEnding,
    seenInPerson: boxField('seenInPerson'),
  },
  groups: {
    who: ['identifier'],
    contract: ['biller', 'contractCode'],
    seen: [['identityDocument', 'documentEnding'], 'seenInPerson'],
  },
  failures: {
    noAccount: 'identifier',
    ownAccount: 'identifier',
    noContract: 'contractCode',
    otherHolder: 'form',
    alreadyRecognised: 'contractCode',
    alreadyHolder: 'contractCode',
  },
})

/** How staff made sure who somebody is. */
export const identityChecks = [...identityDocuments, 'calledBack'] as const

/**
 * Somebody cannot sign in, and is who they say. A page leaves out `lift` where only waits may be lifted: the second step is a
 * supervisor's.
 */
export const unlockForm = form({
  name: 'unlock',
  fields: {
    identifier: { ...identifier, autoComplete: 'off' },
    lift: asked(choiceField('select', ['wait', 'secondStep'])),
    checkedBy: choiceField('select', identityChecks),
    documentEnding: optional(documentEnding),
  },
  groups: { who: ['identifier'], what: ['lift'], seen: [['checkedBy', 'documentEnding']] },
  together: ({ checkedBy, documentEnding, lift }): { checkedBy?: string; documentEnding?: string } => {
    if (checkedBy === 'calledBack') return lift === 'secondStep' ? { checkedBy: 'documentNeeded' } : {}
    return checkedBy && documentEnding === undefined ? { documentEnding: 'required' } : {}
  },
  failures: {
    noAccount: 'identifier',
    ownAccount: 'identifier',
    noSecondStep: 'lift',
  },
})
