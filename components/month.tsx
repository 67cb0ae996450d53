// A billing month in the reader's language.
import { formatMonth } from '@/lib/i18n/formats.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function Month({ of }: { of: IsoDate }) {
  return <span>{formatMonth(of, await getLocale())}</span>
}
