// A billing month in the reader's language.
import { getLocale } from 'next-intl/server'
import { formatMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

export async function Month({ of }: { of: IsoDate }) {
  return <span>{formatMonth(of, (await getLocale()) as Locale)}</span>
}
