// A biller's account at a bank that speaks NestPay, and an order of it.
import type { GatewayAccount, Order } from '../../lib/payments/gateways/gateway.ts'

/** Every sign that has a meaning in forms, in hashes or in XML. */
export const NESTPAY_SECRETS = {
  storeKey: 'SK|1\\2&=+ë',
  apiUser: 'api "drita" <1>',
  apiPassword: "p&ss<w>ord'%\\|",
}

export const nestpayAccount = (
  bank: { checkoutUrl: string; apiUrl: string },
  other: Partial<GatewayAccount> = {},
): GatewayAccount => ({
  id: 7,
  code: 'kesco-teb',
  gateway: 'nestpay',
  billerId: 2,
  currency: 'EUR',
  merchantId: '190100000',
  authUrl: null,
  checkoutOrigins: [],
  timeZone: 'Europe/Belgrade',
  callsBack: true,
  isTest: true,
  takesPayments: true,
  secrets: NESTPAY_SECRETS,
  ...bank,
  ...other,
})

export const nestpayOrder = (other: Partial<Order> = {}): Order => ({
  number: 'D2600000001',
  amount: 4730,
  currency: 'EUR',
  language: 'sq',
  billerName: 'KESCO',
  returnUrl: 'https://portal.example/payments/return/nestpay?payment=1&x=2',
  callbackUrl: 'https://portal.example/api/payments/nestpay/callback',
  ...other,
})
