// What the page to pay posts.
import { choiceField } from '../forms/fields.ts'
import { form, type Read } from '../forms/form.ts'
import { MOST_INVOICES } from './schema.ts'

const INVOICE_ID = /^[1-9]\d{0,14}$/
/** `id:total` of each invoice as the customer saw it, in minor units. */
const TOTALS = /^\d{1,15}:\d{1,15}(,\d{1,15}:\d{1,15})*$/

export const payForm = form({
  name: 'pay',
  fields: {
    intent: choiceField('button', ['pay', 'total']),
    invoices: {
      kind: 'boxes',
      read: (typed: string[]): Read<number[]> => {
        if (typed.length === 0 || !typed.every(id => INVOICE_ID.test(id))) return { error: 'nothingChosen' }
        if (typed.length > MOST_INVOICES) return { error: 'tooMany', values: { most: MOST_INVOICES } }
        return { value: typed.map(Number) }
      },
    },
    totals: {
      kind: 'hidden',
      read: (typed: string): Read<Map<number, number>> =>
        TOTALS.test(typed)
          ? { value: new Map(typed.split(',').map(pair => pair.split(':').map(Number) as [number, number])) }
          : { error: 'amountChanged' },
    },
  },
  failures: {
    unavailable: 'form',
    bankUnavailable: 'form',
    formUsed: 'form',
    underWay: 'form',
    busy: 'form',
    tooOften: 'form',
    alreadyPaid: 'form',
    amountChanged: 'form',
  },
})

/** Gives up a payment that the bank has not ended. */
export const cancelForm = form({ name: 'payment', fields: {}, failures: { notKnown: 'form', busy: 'form' } })
