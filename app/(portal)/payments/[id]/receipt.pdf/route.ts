// The receipt of a payment as PDF.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getReceipt } from '@/lib/payments/paid-queries.ts'
import { receiptPdf } from '@/lib/payments/receipt-pdf.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseAttemptId((await params).id)
  const number = new URL(request.url).searchParams.get('number') ?? undefined
  const receipt = id && (await getReceipt(customer, id, number))
  if (!receipt) notFound()
  return pdfResponse(receiptPdf(receipt, await getLocale()), receipt.number)
}
