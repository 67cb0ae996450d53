'use server'
// Pays by a link: begins the payment and leads to the bank, or gives it up.
import { refresh } from 'next/cache'
import { payingCookie } from '@/lib/auth/sealed-cookie.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { cancelAttempt } from '@/lib/payments/commands.ts'
import { cancelForm, payByLinkForm } from '@/lib/payments/forms.ts'
import { beginByLink } from '@/lib/payments/link-attempts.ts'
import { openPayLink } from '@/lib/payments/pay-links.ts'
import { checkoutAddress } from '@/lib/payments/redirect-rules.ts'
import { readTotals } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { fail, ok } from '@/lib/platform/result.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { getLocale } from '@/lib/request/locale.ts'

export const payByLinkAction = formAction(payByLinkForm, {
  guard: requestDevice,
  command: async ({ input, shownFor, key, now }) => {
    const token = shownFor.token!
    const form = {
      shown: readTotals(shownFor.totals!),
      toldBeingPaid: shownFor.beingPaid !== undefined,
      email: input.email,
      language: await getLocale(),
      idempotencyKey: key,
    }
    const begun = await beginByLink(token, form, now)
    const result = begun.ok ? await orderAtBank(token, begun.value.id) : begun
    // What can be paid may be other than shown: the page shows it as it is now.
    if (!result.ok) refresh()
    return result
  },
  // Sent again after its payment's end, it begins at the payment's page.
  done: async ({ id, address }, { shownFor: { token }, repeated }) => {
    await payingCookie.remember(token!)
    const again = repeated ? await orderAtBank(token!, id) : undefined
    return again?.ok ? again.value.address : repeated ? `/pay/${token}` : address
  },
})

/** The address of the bank's page; of the link's where its payment has ended, or, to lead on from there, where the bank wants a form posted. */
async function orderAtBank(token: string, id: string) {
  const link = await openPayLink(token, clock.now())
  if (!link) return fail('notFound')
  const payer = { payLinkId: link.id, language: await getLocale() }
  const bank = await checkoutRedirect(payer, id, clock.now())
  if (!bank.ok) return bank
  const address = bank.value && (checkoutAddress(bank.value) ?? `/pay/${token}?bank`)
  return ok({ id, address: address ?? `/pay/${token}` })
}

export const cancelByLinkAction = formAction(cancelForm, {
  guard: requestDevice,
  command: async ({ shownFor, now }) => {
    const link = await openPayLink(shownFor.token!, now)
    return link ? cancelAttempt({ payLinkId: link.id }, shownFor.payment!, now) : fail('notFound')
  },
  done: (_, { shownFor }) => `/pay/${shownFor.token}`,
})
