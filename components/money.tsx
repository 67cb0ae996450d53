// An amount in the reader's language.
import { formatMoney } from '@/lib/i18n/formats.ts'
import { getLocale } from '@/lib/i18n/server.ts'
import type { Currency } from '@/lib/platform/money.ts'

export async function Money({ minor, currency }: { minor: number; currency: Currency }) {
  return <span className="figures">{formatMoney(minor, currency, await getLocale())}</span>
}
