'use server'
// Pays the chosen invoices: begins the payment and leads to the bank.
import { refresh } from 'next/cache'
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { beginAttempt } from '@/lib/payments/commands.ts'
import { payForm } from '@/lib/payments/schema.ts'
import { type FormState, invalid, parseForm } from '@/lib/platform/action.ts'
import { clock } from '@/lib/platform/clock.ts'

/** The contract stands in the form: arguments bound to an action cost as much as the table, they are encrypted at each view. */
export async function payAction(_: FormState, form: FormData): Promise<FormState> {
  const customer = await requireCustomer()
  const input = parseForm(payForm, form, ['invoices'])
  // Without JavaScript: the form again, with the total of the chosen.
  if (form.get('intent') === 'total') return invalid(form, {})
  if (!input.ok) return input.state
  const { biller, contractCode, ...chosen } = input.value
  const result = await beginAttempt(customer, { billerCode: biller, contractCode }, chosen, clock.now())
  if (!result.ok) {
    if (result.code === 'notFound') notFound()
    // What is due may be other than shown: the page shows it as it is now.
    refresh()
    return invalid(form, { formError: result.code })
  }
  // A form sent again after its payment's end, and a bank that wants a form posted, begin at the payment's page.
  const { id } = result.value
  const bank = await checkoutRedirect(customer, id, clock.now())
  if (!bank.ok) {
    refresh()
    return invalid(form, { formError: bank.code })
  }
  const checkout = bank.value
  redirect(
    checkout?.method === 'GET'
      ? `${checkout.url}?${new URLSearchParams(checkout.fields)}`
      : `/payments/${id}`,
  )
}
