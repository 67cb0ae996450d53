// The forms with which staff look for payments, have a bank asked, and settle what was held.
import { requiredNoteField, shapedField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { readPaymentSearch } from './search.ts'

export const searchPaymentsForm = form({
  name: 'paymentDesk.search',
  fields: { search: shapedField(40, 'searchForm', readPaymentSearch) },
  failures: {},
})

/** Shown for a `payment`, an attempt. */
export const askBankForm = form({ name: 'paymentDesk.ask', fields: {}, failures: {} })

/** Shown for an `exception`, and the `payment` on whose page it stands. */
export const settleForm = form({
  name: 'paymentDesk.settle',
  fields: { note: requiredNoteField(1000) },
  failures: { moved: 'form' },
})

/** Shown for an `exception`, a payment that the customer's bank took back, and the `payment` on whose page it stands. */
export const takeBackForm = form({ name: 'paymentDesk.takeBack', fields: {}, failures: { moved: 'form' } })
