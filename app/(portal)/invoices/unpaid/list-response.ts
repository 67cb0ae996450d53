// How the list of all unpaid invoices is answered: the file, or the way to where it is being made.
import { notFound } from 'next/navigation'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { plainLetters } from '@/lib/notifications/plain-letters.ts'
import { pdfResponse } from '@/lib/pdf/response.ts'
import { csvFile } from '@/lib/platform/csv.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import type { askForList } from '@/lib/unpaid/lists.ts'
import { type ListFormat, listPath } from '@/lib/unpaid/schema.ts'

/** Whether a new list is wished for even if what was made before is still true: the address of `anew` in lib/unpaid/schema.ts. */
export const listAnew = (request: Request): boolean => new URL(request.url).searchParams.has('anew')

export function listResponse(
  asked: Awaited<ReturnType<typeof askForList>>,
  format: ListFormat,
  locale: Locale,
  now: Date,
): Response {
  if (!asked) notFound()
  if ('listId' in asked)
    return new Response(null, {
      status: 303,
      headers: { Location: `${listPath(asked.listId)}${asked.isLimited ? '?limited=1' : ''}` },
    })
  return fileResponse(asked.file, format, locale, now)
}

/** Its name says what it is, in letters that every system takes: `faturat-e-papaguara-2026-11-27.csv`. */
export function fileResponse(file: Buffer, format: ListFormat, locale: Locale, now: Date): Response {
  const title = plainLetters(translator(locale, 'unpaidInvoices')('title')).toLowerCase().replaceAll(' ', '-')
  const name = `${title}-${dayIn(PORTAL_ZONE, now)}`
  return format === 'pdf' ? pdfResponse(file, name) : csvFile(file, name)
}
