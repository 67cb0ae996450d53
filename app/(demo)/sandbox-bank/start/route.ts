// The sandbox bank's front door: a merchant's signed order comes in with the customer's browser.
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { env } from '@/lib/platform/env.ts'
import { openOrder } from '@/lib/sandbox-bank/book.ts'
import { ORDER_FIELDS, pick } from '@/lib/sandbox-bank/protocol.ts'

export async function GET(request: Request): Promise<Response> {
  if (!env().DEMO) return new Response(null, { status: 404 })
  const order = await openOrder(database(), pick(new URL(request.url).search, ORDER_FIELDS), clock.now())
  if (!order.ok) return new Response(null, { status: 400 })
  return new Response(null, { status: 303, headers: { Location: `/sandbox-bank/${order.value}` } })
}
