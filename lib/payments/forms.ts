// What the pages to pay post.
import { biller, contractCode } from '../billers/fields.ts'
import { choiceField, NAMELESS, optional, shapedField } from '../forms/fields.ts'
import { form, type Others, type Read } from '../forms/form.ts'
import { readEmail } from '../platform/emails.ts'
import { readCode } from '../platform/typed.ts'
import { MOST_INVOICES, readTotals } from './schema.ts'

const INVOICE_ID = /^[1-9]\d{0,14}$/
/** `id:total` of each invoice as the customer saw it, in minor units. */
const TOTALS = /^\d{1,15}:\d{1,15}(,\d{1,15}:\d{1,15})*$/

function readInvoices(typed: string[]): Read<number[]> {
  if (typed.length === 0 || !typed.every(id => INVOICE_ID.test(id))) return { error: 'nothingChosen' }
  if (typed.length > MOST_INVOICES) return { error: 'tooMany', values: { most: MOST_INVOICES } }
  return { value: typed.map(Number) }
}

const chosenInvoices = { kind: 'boxes', read: readInvoices } as const

/** Where a receipt is sent to. */
const email = optional(shapedField(254, 'emailForm', readEmail, { type: 'email', autoComplete: 'email' }))

/** What keeps a payment from beginning, whoever pays. */
const BEGIN_FAILURES = {
  unavailable: 'form',
  bankUnavailable: 'form',
  formUsed: 'form',
  underWay: 'form',
  beingPaid: 'form',
  busy: 'form',
  tooOften: 'form',
  alreadyPaid: 'form',
  amountChanged: 'form',
  maintenance: 'form',
} as const

/** What keeps the chosen invoices of a customer from being paid. */
const PAY_FAILURES = { ...BEGIN_FAILURES, partOutOfRange: 'form', tooManyContracts: 'form' } as const

export const payForm = form({
  name: 'pay',
  fields: {
    intent: choiceField('button', ['pay', 'total', 'overdue', 'payOverdue']),
    /** Ids of all that are overdue, by commas, where the page has a button that pays just these. */
    overdue: { kind: 'hidden', read: (typed: string): Read<string[]> => ({ value: typed.split(',') }) },
    invoices: {
      kind: 'boxes',
      read: (typed: string[], { intent, overdue }: Others): Read<number[]> =>
        readInvoices(intent === 'payOverdue' ? (overdue as string[]) : typed),
    },
    totals: {
      kind: 'hidden',
      read: (typed: string): Read<Map<number, number>> =>
        TOTALS.test(typed) ? { value: readTotals(typed) } : { error: 'amountChanged' },
    },
  },
  failures: PAY_FAILURES,
})

/**
 * Shown for a biller, or one of its contracts, the totals of invoices as they were shown and an amount that pays a part of them: what is to be paid
 * stands nowhere in it to be changed.
 */
export const payPartForm = form({ name: 'payPart', fields: {}, failures: PAY_FAILURES })

/** Gives up a payment that the bank has not ended. */
export const cancelForm = form({
  name: 'payment',
  fields: {},
  failures: { notKnown: 'form', busy: 'form', maintenance: 'form' },
})

/** What stands on a bill that is to be paid without an account. */
export const findBillForm = form({
  name: 'findBill',
  fields: {
    biller,
    contractCode,
    invoiceNumber: shapedField(40, 'required', typed => readCode(typed).replaceAll(' ', '') || undefined, {
      ...NAMELESS,
      short: true,
    }),
    email,
  },
  failures: { contractCodeForm: 'contractCode', nothingToPay: 'form', unavailable: 'form' },
})

/** Shown for a link's token, and the totals of its invoices as they were shown: what is to be paid stands nowhere in it to be changed. */
export const payByLinkForm = form({
  name: 'payByLink',
  fields: { email },
  failures: { ...BEGIN_FAILURES, linkEnded: 'form' },
})

/** Shown for a contract of the customer's own. */
export const makeLinkForm = form({
  name: 'payLinks',
  fields: { invoices: chosenInvoices },
  failures: { unavailable: 'form', alreadyPaid: 'form' },
})

/** Shown for a link of the customer's own. */
export const withdrawLinkForm = form({ name: 'withdrawLink', fields: {}, failures: {} })
