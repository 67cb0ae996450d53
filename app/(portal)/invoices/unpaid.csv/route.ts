// The list of all unpaid invoices as CSV.
import { requireCustomer } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'
import { askForList } from '@/lib/unpaid/lists.ts'
import { listAnew, listResponse } from '../unpaid/list-response.ts'

export async function GET(request: Request): Promise<Response> {
  const customer = await requireCustomer()
  const now = clock.now()
  const locale = await getLocale()
  const asked = await askForList(customer, { format: 'csv', locale, anew: listAnew(request) }, now)
  return listResponse(asked, 'csv', locale, now)
}
