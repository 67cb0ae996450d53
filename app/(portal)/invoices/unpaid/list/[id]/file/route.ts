// A list of all unpaid invoices that a job has made.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'
import { openList } from '@/lib/unpaid/lists.ts'
import { parseListId } from '@/lib/unpaid/schema.ts'
import { fileResponse } from '../../../list-response.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseListId((await params).id)
  const list = id && (await openList(customer, id, clock.now()))
  if (!list) notFound()
  return fileResponse(list.file, list.format, list.language, list.readyAt)
}
