// A certificate's file, as it was issued.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getCertificateFile } from '@/lib/cases/own-certificates.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseId((await params).id)
  const file = id && (await getCertificateFile(customer, id))
  if (!file) notFound()
  return pdfResponse(file.pdf, file.number)
}
