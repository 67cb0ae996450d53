// The copy of one's data, once. POST only: a link opened ahead of time must not use it up.
import { notFound } from 'next/navigation'
import { parseExportId } from '@/lib/accounts/schema.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { takeExport } from '@/lib/own-data/copy.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function POST(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireCustomer('/account/data')
  const id = parseExportId((await params).id)
  const copy = id && (await takeExport(customer, id, clock.now()))
  if (!copy) notFound()
  return new Response(copy, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="drita-data.json"',
      'Cache-Control': 'no-store',
    },
  })
}
