// The forms with which staff find a customer, say why they look, and note what was said.
import { lookReasons, noteChannels } from '../../db/enums.ts'
import { anyBiller } from '../billers/fields.ts'
import { choiceField, optional, requiredNoteField, textField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'

const why = {
  reason: choiceField('select', lookReasons, 'reason'),
  words: optional(textField(200, { after: 'words' })),
}
/** Of another reason than those to choose from. */
const needsWords = ({ reason, words }: { reason?: string; words?: string }) =>
  reason === 'other' && words === undefined ? { words: 'words' } : {}

const refused = { tooManyLooks: 'form' } as const

/** Finds a customer by one exact identifier, in full; without a biller with any of the member of staff's. */
export const findCustomerForm = form({
  name: 'findCustomer',
  fields: {
    identifier: textField(254),
    biller: anyBiller,
    ...why,
  },
  together: needsWords,
  failures: { ...refused, nothingFound: 'identifier', severalFound: 'biller' },
})

/** Shown for a contract (`biller`, `code`) or an `account`. */
export const lookForm = form({ name: 'look', fields: why, together: needsWords, failures: refused })

/** Goes on with the same reason: shown for a contract or an account, and the `look` or the `case` from which one comes. */
export const followForm = form({ name: 'look.follow', fields: {}, failures: refused })

/** Shown for a `look`, to whoever wants to read what is masked. */
export const revealForm = form({ name: 'look.reveal', fields: {}, failures: refused })

/** Shown for a contract. */
export const callNoteForm = form({
  name: 'callNote',
  fields: { channel: choiceField('select', noteChannels, 'channel'), note: requiredNoteField(2000) },
  failures: {},
})
