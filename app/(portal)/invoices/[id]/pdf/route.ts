// An invoice as PDF.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { invoicePdf } from '@/lib/billing/invoice-pdf.ts'
import { getInvoice } from '@/lib/billing/queries.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseInvoiceId((await params).id)
  const invoice = id && (await getInvoice(customer, id, clock.now()))
  if (!invoice) notFound()
  const pdf = invoicePdf(invoice, await getLocale())
  return pdfResponse(pdf, `${invoice.biller.code}-${invoice.number}`)
}
