// An amount in the reader's language.
import { getLocale } from 'next-intl/server'
import { formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Currency } from '@/lib/platform/money.ts'

export async function Money({ minor, currency }: { minor: number; currency: Currency }) {
  return <span className="figures">{formatMoney(minor, currency, (await getLocale()) as Locale)}</span>
}
