// The forms about contracts.
import { biller, contractCode } from '../billers/fields.ts'
import { choiceField, dayField, optional, shapedField, textField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { readAmount, readCode } from '../platform/typed.ts'

/** A name for a contract, of its owner's own. */
const alias = optional(textField(60))

export const addContractForm = form({
  name: 'addContract',
  fields: {
    biller,
    contractCode,
    alias,
    firstName: textField(60, { autoComplete: 'given-name' }),
    lastName: textField(60, { autoComplete: 'family-name' }),
  },
  groups: {
    contract: ['biller', 'contractCode', 'alias'],
    person: [['firstName', 'lastName']],
  },
  failures: {
    contractCodeForm: 'contractCode',
    alreadyAdded: 'contractCode',
    holderRefused: 'contractCode',
    contractUnknown: 'contractCode',
    namesNotOwn: 'firstName',
  },
})

/** Shown for a contract of the customer's own. */
export const nameForm = form({ name: 'manage', fields: { alias }, failures: {} })

/** Shown for a contract of the customer's own. */
export const removeForm = form({ name: 'removeContract', fields: {}, failures: { lastContract: 'form' } })

/** Shown for a contract that the customer has just taken off their list. */
export const restoreForm = form({ name: 'restoreContract', fields: {}, failures: {} })

/** In the order in which a holder chooses from them. */
export const accessLevels = ['approved', 'limited', 'refused'] as const

const level: Field<(typeof accessLevels)[number] | undefined> = {
  kind: 'picks',
  read: typed => ({ value: accessLevels.find(one => one === typed) }),
}

/** Shown for a contract of the customer's own, and an account that has it too. `unknown`: the holder does not know the person. */
export const accessForm = form({
  name: 'access',
  fields: {
    intent: choiceField('button', ['save', 'unknown']),
    level,
    until: optional(dayField),
  },
  together: ({ intent, level }) => (intent === 'save' && !level ? { level: 'required' } : {}),
  failures: { untilPast: 'until' },
})

/** Shown for a contract of the customer's own: the day on which its holder moves out. */
export const handoverForm = form({
  name: 'handover',
  fields: { movesOutOn: dayField },
  failures: {
    movesOutTooEarly: 'movesOutOn',
    movesOutTooLate: 'movesOutOn',
    movesOutBeforeOwn: 'movesOutOn',
    handoverNamed: 'movesOutOn',
  },
})

/** Shown for such a contract and day. */
export const confirmHandoverForm = form({
  name: 'confirmHandover',
  fields: {},
  failures: {
    movesOutTooEarly: 'form',
    movesOutTooLate: 'form',
    movesOutBeforeOwn: 'form',
    handoverNamed: 'form',
  },
})

/** Shown for a contract whose holder named a day that is not over. */
export const undoHandoverForm = form({ name: 'undoHandover', fields: {}, failures: { handoverOver: 'form' } })

const DECIMAL = { inputMode: 'decimal' } as const
const PROOF = { proofWrong: 'form', proofClosed: 'form' } as const

/** What stands on the paper bill of a metered supply; the reading as people write it. */
export const meterProofForm = form({
  name: 'prove.meter',
  fields: {
    meterNumber: textField(200),
    currentReading: shapedField(
      20,
      'readingForm',
      typed => (/\d/.test(readCode(typed)) ? readCode(typed) : undefined),
      DECIMAL,
    ),
  },
  failures: PROOF,
})

export const numberProofForm = form({
  name: 'prove.number',
  fields: {
    invoiceNumber: textField(60),
    invoiceTotal: shapedField(20, 'required', readAmount, DECIMAL),
  },
  failures: PROOF,
})
