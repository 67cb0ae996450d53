// The sandbox bank's calls to its merchant's server.
import type { Database } from '../../db/client.ts'
import { clock } from '../platform/clock.ts'
import { answerFields, getOrder } from './book.ts'

/** Posts the order's answer to the merchant, `calls` times at once. Throws where a call fails, to be tried again. */
export async function callMerchant(
  { orderNumber, calls }: { orderNumber: string; calls: number },
  { database }: { database: Database },
): Promise<void> {
  const order = await getOrder(database, orderNumber)
  const fields = order && answerFields(order, clock.now())
  if (!order || !fields) return
  const responses = await Promise.all(
    Array.from({ length: calls }, () =>
      fetch(order.callbackUrl, {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'error',
        signal: AbortSignal.timeout(15_000),
      }),
    ),
  )
  const refused = responses.find(response => !response.ok)
  if (refused) throw new Error(`The merchant answered ${refused.status}.`)
}
