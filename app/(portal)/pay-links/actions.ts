'use server'
// Makes a link that somebody else pays by, and withdraws it.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { payLinkCookie } from '@/lib/auth/sealed-cookie.ts'
import { makeLinkForm, withdrawLinkForm } from '@/lib/payments/forms.ts'
import { makePayLink, withdrawPayLink } from '@/lib/payments/pay-link-commands.ts'
import { limits } from '@/lib/platform/limits.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const makeLinkAction = formAction(makeLinkForm, {
  guard: requireCustomer,
  limit: async ({ who }) => [[limits.payLinks(), who.id]],
  command: ({ who, input, shownFor, now }) =>
    makePayLink(who, { biller: shownFor.biller!, code: shownFor.code! }, input.invoices, now),
  done: async ({ id, token }, { who }) => {
    await payLinkCookie.remember(JSON.stringify({ sessionId: who.sessionId, id, token }))
    return `/pay-links?made=${id}`
  },
})

export const withdrawLinkAction = formAction(withdrawLinkForm, {
  guard: requireCustomer,
  command: ({ who, shownFor, now }) => withdrawPayLink(who, shownFor.link!, now),
  done: () => '/pay-links?withdrawn',
})
