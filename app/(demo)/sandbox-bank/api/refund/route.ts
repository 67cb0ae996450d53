// Where the sandbox bank's merchant has money given back.
import { readAnswer } from '@/lib/payments/incoming.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { env } from '@/lib/platform/env.ts'
import { refundOrder } from '@/lib/sandbox-bank/book.ts'
import { pick, REFUND_FIELDS } from '@/lib/sandbox-bank/protocol.ts'

export async function POST(request: Request): Promise<Response> {
  if (!env().DEMO) return new Response(null, { status: 404 })
  const asked = pick((await readAnswer(request)) ?? '', REFUND_FIELDS)
  const fields = await refundOrder(database(), asked, clock.now())
  return fields ? new Response(new URLSearchParams(fields)) : new Response(null, { status: 503 })
}
