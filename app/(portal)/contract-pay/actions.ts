'use server'
// Pays the chosen invoices: begins the payment and leads to the bank.
import { refresh } from 'next/cache'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { beginAttempt } from '@/lib/payments/commands.ts'
import { payForm } from '@/lib/payments/forms.ts'
import { clock } from '@/lib/platform/clock.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const payAction = formAction(payForm, {
  guard: requireCustomer,
  // Without JavaScript: the form again, with the total of the chosen.
  redraw: data => data.getAll('intent').at(-1) === 'total',
  command: async ({ who, input, shownFor, key, now }) => {
    const contract = { billerCode: shownFor.biller!, contractCode: shownFor.code! }
    const form = {
      invoices: input.invoices,
      shown: input.totals,
      idempotencyKey: key,
      toldBeingPaid: shownFor.beingPaid !== undefined,
    }
    const begun = await beginAttempt(who, contract, form, now)
    const result = begun.ok ? await orderAtBank(who, begun.value.id) : begun
    // What is due may be other than shown: the page shows it as it is now.
    if (!result.ok) refresh()
    return result
  },
  // Sent again after its payment's end, it begins at the payment's page.
  done: async ({ id, address }, { who, repeated }) => {
    const again = repeated ? await orderAtBank(who, id) : undefined
    return again?.ok ? again.value.address : repeated ? `/payments/${id}` : address
  },
})

/** The address of the bank's page; of the payment's where it has ended, or the bank wants a form posted. */
async function orderAtBank(customer: Customer, id: string) {
  const bank = await checkoutRedirect(customer, id, clock.now())
  if (!bank.ok) return bank
  const checkout = bank.value
  const isLink = checkout?.method === 'GET'
  return ok({
    id,
    address: isLink ? `${checkout.url}?${new URLSearchParams(checkout.fields)}` : `/payments/${id}`,
  })
}
