// A billing month in the reader's language.
import { formatMonth } from '@/lib/i18n/formats.ts'
import { getLocale } from '@/lib/i18n/server.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

export async function Month({ of }: { of: IsoDate }) {
  return <span>{formatMonth(of, await getLocale())}</span>
}
