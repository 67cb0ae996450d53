// The list of all unpaid invoices as CSV.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { askForList } from '@/lib/unpaid/lists.ts'
import { listResponse } from '../unpaid/list-response.ts'

export async function GET(): Promise<Response> {
  const customer = await requireCustomer()
  const now = clock.now()
  const asked = await askForList(customer, { format: 'csv', locale: await getLocale() }, now)
  return listResponse(asked, 'csv', now)
}
