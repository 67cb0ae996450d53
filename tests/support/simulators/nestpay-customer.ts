// A customer at the simulated bank, without a browser: brings the shop's form, types a card, and is led back.
import type { CheckoutRedirect } from '../../../lib/payments/gateways/gateway.ts'

export type LedBack = {
  /** Where the browser is sent to; undefined where nothing leads on. */
  url: string | undefined
  /** The form that it brings, as its body. */
  body: string
}

export const bringForm = async ({ url, fields }: CheckoutRedirect): Promise<string> =>
  (await fetch(url, { method: 'POST', body: new URLSearchParams(fields) })).text()

export async function payByCard(redirect: CheckoutRedirect, cardNumber: string): Promise<LedBack> {
  const { action, fields } = formOf(await bringForm(redirect))
  if (!action || !fields.session) return { url: action, body: new URLSearchParams(fields).toString() }
  const paid = await fetch(new URL(action, redirect.url), {
    method: 'POST',
    body: new URLSearchParams({ session: fields.session, cardNumber }),
  })
  const back = formOf(await paid.text())
  return { url: back.action, body: new URLSearchParams(back.fields).toString() }
}

/** A page's only form, as a browser would send it. */
export function formOf(html: string): { action: string | undefined; fields: Record<string, string> } {
  const text = (escaped: string) =>
    escaped.replace(
      /&(amp|lt|gt|quot|#x27);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" })[name]!,
    )
  const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1]
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return {
    action: action === undefined ? undefined : text(action),
    fields: Object.fromEntries(inputs.map(([, name, value]) => [text(name!), text(value!)])),
  }
}
