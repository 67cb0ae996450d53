// The forms with which one member of staff asks for a refund and another one decides.
import { refundWays } from '../../db/enums.ts'
import { choiceField, shapedField } from '../forms/fields.ts'
import { type Field, form, type Read } from '../forms/form.ts'
import { parseMinor } from '../platform/money.ts'
import { readCode, readNote } from '../platform/typed.ts'

/** Minor units, typed with a comma or a point. */
const amount = shapedField(
  14,
  'amountForm',
  typed => {
    const plain = readCode(typed).replaceAll(' ', '').replace(',', '.')
    const minor = /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? parseMinor(plain) : undefined
    return minor === 0 ? undefined : minor
  },
  { inputMode: 'decimal', short: true },
)

const SHORTEST_REASON = 10
const LONGEST_REASON = 500

/** Whoever decides has to understand it. */
const reason: Field<string> = {
  kind: 'note',
  max: LONGEST_REASON,
  read: (typed): Read<string> => {
    const note = readNote(typed)
    if (note.length > LONGEST_REASON) return { error: 'tooLong', values: { max: LONGEST_REASON } }
    return note.length < SHORTEST_REASON
      ? { error: 'reasonShort', values: { least: SHORTEST_REASON } }
      : { value: note }
  },
}

/** One of those that the page offers, by its id. */
const payment: Field<number> = {
  kind: 'select',
  read: typed => (/^\d{1,15}$/.test(typed) ? { value: Number(typed) } : { error: 'required' }),
}

/** Shown for an `attempt`. */
export const askRefundForm = form({
  name: 'paymentDesk.refund',
  fields: { payment, amount, way: choiceField('select', refundWays), reason },
  failures: { own: 'form', takenBack: 'payment', tooMuch: 'amount', keyUsed: 'form' },
})

/** Shown for a `refund`, and the `attempt` on whose page it stands. */
export const decideRefundForm = form({
  name: 'paymentDesk.decide',
  fields: { intent: choiceField('button', ['agree', 'refuse']) },
  failures: { own: 'form', sameOne: 'form', moved: 'form', takenBack: 'form' },
})
