'use server'
// Pays the chosen invoices, or a part of them: begins the payment and leads to the bank.
import { refresh } from 'next/cache'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { beginAttempt } from '@/lib/payments/commands.ts'
import { payForm, payPartForm } from '@/lib/payments/forms.ts'
import { checkoutAddress } from '@/lib/payments/redirect-rules.ts'
import { type PayForm, readTotals } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

type Begun = { id: string; address: string }

export const payAction = formAction(payForm, {
  guard: requireCustomer,
  // Without JavaScript: the form again, with the total of the chosen, or with what is overdue chosen.
  redraw: data => ['total', 'overdue'].includes(String(data.getAll('intent').at(-1))),
  command: ({ who, input, shownFor, key, now }) =>
    pay(who, shownFor, { invoices: input.invoices, shown: input.totals, idempotencyKey: key }, now),
  done: (begun, { who, repeated }) => leadOn(who, begun, repeated),
})

export const payPartAction = formAction(payPartForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, key, now }) => {
    const shown = readTotals(shownFor.totals!)
    const form = { invoices: [...shown.keys()], shown, amount: Number(shownFor.amount), idempotencyKey: key }
    return pay(who, shownFor, form, now)
  },
  done: (begun, { who, repeated }) => leadOn(who, begun, repeated),
})

/** `shownFor`: a biller, with the code of the contract where the page was of one alone. */
async function pay(customer: Customer, { biller, code, beingPaid }: ShownFor, form: PayForm, now: Date) {
  const from = { billerCode: biller!, contractCode: code }
  const begun = await beginAttempt(customer, from, { ...form, toldBeingPaid: beingPaid !== undefined }, now)
  const result = begun.ok ? await orderAtBank(customer, begun.value.id) : begun
  // What is due may be other than shown: the page shows it as it is now.
  if (!result.ok) refresh()
  return result
}

/** Sent again after its payment's end, it begins at the payment's page. */
async function leadOn(customer: Customer, { id, address }: Begun, repeated: boolean): Promise<string> {
  const again = repeated ? await orderAtBank(customer, id) : undefined
  return again?.ok ? again.value.address : repeated ? `/payments/${id}` : address
}

/** The address of the bank's page; of the payment's where it has ended, or, to lead on from there, where the bank wants a form posted. */
async function orderAtBank(customer: Customer, id: string) {
  const bank = await checkoutRedirect(customer, id, clock.now())
  if (!bank.ok) return bank
  const address = bank.value && (checkoutAddress(bank.value) ?? `/payments/${id}?bank`)
  return ok({ id, address: address ?? `/payments/${id}` })
}
