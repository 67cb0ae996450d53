// The file for the regulator as PDF.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import { getRegulatorFile } from '@/lib/cases/regulator-file.ts'
import { regulatorPdf } from '@/lib/cases/regulator-pdf.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'

/** The server hands it the contract's codes in its query, as to the page. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ number: string }> },
): Promise<Response> {
  const customer = await requireCustomer()
  const { number } = await params
  const query = new URL(request.url).searchParams
  const contract = readContractAddress({
    biller: String(query.get('biller')),
    code: String(query.get('code')),
  })
  const file = contract && (await getRegulatorFile(customer, contract, number, clock.now()))
  if (!file) notFound()
  return pdfResponse(regulatorPdf(file, await getLocale()), number)
}
