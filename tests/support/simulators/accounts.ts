// Both simulated banks, and the accounts that billers have there: lek at NestPay, euro at RaiAccept, as in life.
import { billers } from '../../../db/billers.ts'
import { startNestpay } from './nestpay.ts'
import { startRaiAccept } from './raiaccept.ts'

/** A merchant of its own for each biller, as in life: nobody's answers are another's. */
const merchantOf = (biller: string, place: number) => ({
  clientId: String(180_000_001 + place),
  storeKey: `a-store-key-of-the-simulator-for-${biller}`,
  apiUser: 'api',
  apiPassword: 'a-password-of-the-simulator',
})

/**
 * `accounts`: a file for `npm run gateway-accounts`; `secrets`: the setting GATEWAY_SECRETS. `firstPort`: they listen there and at those that
 * follow, at any that are free where none is given. `nestpay`: OSHEE's.
 */
export async function startBanks(firstPort?: number, { loginsPerMinute }: { loginsPerMinute?: number } = {}) {
  const portAt = (place: number) => firstPort && firstPort + place
  const raiaccept = await startRaiAccept({ port: portAt(0), loginsPerMinute })
  const ofLek = Object.entries(billers).filter(([, { currency }]) => currency === 'ALL')
  const nestpays = await Promise.all(
    ofLek.map(async ([biller], place) => {
      const merchant = merchantOf(biller, place)
      return { biller, merchant, bank: await startNestpay({ ...merchant, port: portAt(place + 1) }) }
    }),
  )
  const raiacceptSecrets = { apiUser: raiaccept.apiUser, apiPassword: raiaccept.apiPassword }
  const entries = Object.entries(billers).map(([biller, { currency }]) => {
    const common = { biller, currency, takesPayments: true }
    const nestpay = nestpays.find(one => one.biller === biller)
    if (!nestpay) {
      const raiacceptAccount = {
        ...common,
        code: `${biller}-raiaccept`,
        gateway: 'raiaccept',
        merchantId: raiaccept.apiUser,
        apiUrl: raiaccept.url,
        checkoutOrigins: [raiaccept.url],
      }
      return { account: raiacceptAccount, secrets: raiacceptSecrets }
    }
    const { clientId: merchantId, ...secrets } = nestpay.merchant
    const { checkoutUrl, apiUrl } = nestpay.bank
    const account = {
      ...common,
      code: `${biller}-nestpay`,
      gateway: 'nestpay',
      merchantId,
      checkoutUrl,
      apiUrl,
    }
    return { account, secrets }
  })
  return {
    nestpay: nestpays.find(({ biller }) => biller === 'oshee')!.bank,
    raiaccept,
    accounts: entries.map(({ account }) => account),
    secrets: Object.fromEntries(entries.map(({ account, secrets }) => [account.code, secrets])) as Record<
      string,
      Record<string, string>
    >,
    stop: () => Promise.all([raiaccept.stop(), ...nestpays.map(({ bank }) => bank.stop())]),
  }
}
