// An amount in the reader's language.
import { formatMoney } from '@/lib/i18n/formats.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function Money({ minor, currency }: { minor: number; currency: Currency }) {
  return <span className="figures">{formatMoney(minor, currency, await getLocale())}</span>
}
