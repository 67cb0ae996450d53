// How the list of all unpaid invoices is answered: the file, or the way to where it is being made.
import { notFound } from 'next/navigation'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { csvFile } from '@/lib/platform/csv.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import type { askForList } from '@/lib/unpaid/lists.ts'
import { type ListFormat, listPath } from '@/lib/unpaid/schema.ts'

export function listResponse(
  asked: Awaited<ReturnType<typeof askForList>>,
  format: ListFormat,
  now: Date,
): Response {
  if (!asked) notFound()
  if ('listId' in asked)
    return new Response(null, { status: 303, headers: { Location: listPath(asked.listId) } })
  return fileResponse(asked.file, format, now)
}

export function fileResponse(file: Buffer, format: ListFormat, now: Date): Response {
  const name = `drita-${dayIn(PORTAL_ZONE, now)}`
  return format === 'pdf' ? pdfResponse(file, name) : csvFile(file, name)
}
