// On to the bank from a link's page in whichever browser opened it: the browser remembers the link, and comes back to it from there.
// Nothing else changes, however often a scanner follows it.
import { payingCookie } from '@/lib/auth/sealed-cookie.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { openPayLink } from '@/lib/payments/pay-links.ts'
import { checkoutAddress } from '@/lib/payments/redirect-rules.ts'
import { parseLinkToken } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function GET(_: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  const token = parseLinkToken((await params).token)
  const now = clock.now()
  const link = token && (await openPayLink(token, now))
  if (!link) return new Response(null, { status: 404 })
  const path = `/pay/${token}`
  const payer = { payLinkId: link.id, language: await getLocale() }
  const bank = link.attemptId ? await checkoutRedirect(payer, link.attemptId, now) : undefined
  if (!bank?.ok || !bank.value) return seeOther(path)
  await payingCookie.remember(token)
  // Where the bank wants a form posted, the page sends it.
  return seeOther(checkoutAddress(bank.value) ?? `${path}?bank`)
}

const seeOther = (Location: string) => new Response(null, { status: 303, headers: { Location } })
