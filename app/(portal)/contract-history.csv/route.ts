// A contract's history as a file: the months of its page.
import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import { historyCsv, historyFileName } from '@/lib/billing/history-csv.ts'
import { getHistory } from '@/lib/billing/history-queries.ts'
import { readMonths } from '@/lib/billing/history-rules.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvResponse } from '@/lib/platform/csv.ts'
import { env } from '@/lib/platform/env.ts'
import { getLocale } from '@/lib/request/locale.ts'

/** The server hands it the contract's codes in its query, as to the page. */
export async function GET(request: Request): Promise<Response> {
  const customer = await requireCustomer()
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const contract = readContractAddress({ biller: String(query.biller), code: String(query.code) })
  if (!contract) notFound()
  const { biller, code } = contract
  const { months, typed, errors } = readMonths(query)
  const history = await getHistory(customer, biller, code, clock.now(), months)
  if (!history) notFound()
  // What is wrong with the months is told beside their fields.
  if (Object.keys(errors).length > 0)
    redirect(`/contracts/${biller}/${code}/history?${new URLSearchParams(typed)}`)
  return csvResponse(historyCsv(history, env().APP_URL, await getLocale()), historyFileName(history))
}
