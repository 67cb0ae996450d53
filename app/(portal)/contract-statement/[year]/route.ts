// The statement of a contract's year as PDF.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import { yearStatementPdf } from '@/lib/billing/year-statement-pdf.ts'
import { getYearStatement } from '@/lib/billing/year-statement-queries.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'

/** The server hands it the contract's codes in its query, as to the page. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ year: string }> },
): Promise<Response> {
  const customer = await requireCustomer()
  const [, year] = /^((?:19|20)\d{2})\.pdf$/.exec((await params).year) ?? []
  const query = new URL(request.url).searchParams
  const contract = readContractAddress({
    biller: String(query.get('biller')),
    code: String(query.get('code')),
  })
  const statement =
    contract &&
    year &&
    (await getYearStatement(customer, contract.biller, contract.code, Number(year), clock.now()))
  if (!statement) notFound()
  return pdfResponse(
    yearStatementPdf(statement, await getLocale()),
    `${contract.biller}-${contract.code}-${year}`,
  )
}
