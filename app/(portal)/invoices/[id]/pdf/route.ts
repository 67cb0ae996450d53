// An invoice as PDF.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getInvoice } from '@/lib/billing/queries.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import { invoicePdf } from '@/lib/documents/invoice.ts'
import { pdfResponse } from '@/lib/documents/response.ts'
import { getLocale } from '@/lib/i18n/server.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseInvoiceId((await params).id)
  const invoice = id && (await getInvoice(customer, id, clock.now()))
  if (!invoice) notFound()
  const pdf = invoicePdf(invoice, await getLocale())
  return pdfResponse(pdf, `${invoice.biller.code}-${invoice.number}`)
}
