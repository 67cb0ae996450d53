// The receipt of a payment by a link as PDF.
import { notFound } from 'next/navigation'
import { getLinkReceipt } from '@/lib/payments/pay-links.ts'
import { receiptPdf } from '@/lib/payments/receipt-pdf.ts'
import { parseLinkToken } from '@/lib/payments/schema.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function GET(
  request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const token = parseLinkToken((await params).token)
  const number = new URL(request.url).searchParams.get('number') ?? undefined
  const receipt = token && (await getLinkReceipt(token, number))
  if (!receipt) notFound()
  return pdfResponse(receiptPdf(receipt, await getLocale()), receipt.number)
}
