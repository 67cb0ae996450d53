// NestPay as the portal sees it: est3Dgate's 3D Pay Hosting, with the interface for merchants beside it.
import { randomBytes } from 'node:crypto'
import { plainAmount } from '../../platform/money.ts'
import { fail, ok } from '../../platform/result.ts'
import type { CheckoutRedirect, Gateway, GatewayAccount, Order } from './gateway.ts'
import { FIXED_FIELDS, named, read, reread } from './nestpay-answer.ts'
import { currencyNumbers } from './nestpay-currency.ts'
import { hashVer3 } from './nestpay-hash.ts'
import { rereadHistory } from './nestpay-history.ts'
import { query, refund } from './nestpay-orders.ts'

export { hashVer3 }

/** In which the bank's page is had, of ours. */
const LANGUAGES = ['sq', 'en']

export const nestpay: Gateway = {
  secretNames: ['storeKey', 'apiUser', 'apiPassword'],

  async place(account, order) {
    const redirect = checkoutForm(account, order)
    return redirect ? ok({ redirect }) : fail('refused')
  },

  named,
  read,
  reread: (account, payload) => (payload.TRX1 ? rereadHistory(payload) : reread(account, payload)),
  query,
  refund,
}

/** The signed form that places the order: nothing is asked of the bank. Undefined where the account has no page or no key. */
function checkoutForm(
  { merchantId, checkoutUrl, callsBack, secrets: { storeKey } }: GatewayAccount,
  order: Order,
): CheckoutRedirect | undefined {
  if (!checkoutUrl || !storeKey) return undefined
  const fields = trimmed({
    ...FIXED_FIELDS,
    clientid: merchantId,
    oid: order.number,
    amount: plainAmount(order.amount),
    currency: currencyNumbers[order.currency],
    lang: LANGUAGES.includes(order.language) ? order.language : 'en',
    okUrl: order.returnUrl,
    failUrl: order.returnUrl,
    // Where a customer is led who gives up on the bank's page.
    shopurl: order.returnUrl,
    ...(callsBack && { callbackUrl: order.callbackUrl }),
    rnd: randomBytes(16).toString('hex'),
    encoding: 'utf-8',
  })
  return { method: 'POST', url: checkoutUrl, fields: { ...fields, hash: hashVer3(fields, storeKey) } }
}

/** Banks trim before they verify. */
const trimmed = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.trim()]))
