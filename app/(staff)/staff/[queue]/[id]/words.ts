// Says what a kind of case says of one case, in the reader's language.

import type { Words } from '@/lib/cases/kind.ts'
import { type KindCode, textsOf } from '@/lib/cases/kinds.ts'
import { formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function sayOf(kind: KindCode): Promise<(words: Words) => string> {
  const t = await getTranslations('kinds')
  const locale = await getLocale()
  const plain = (value: NonNullable<Words['values']>[string]) => {
    if (value instanceof Date) return formatInstant(value, locale, PORTAL_ZONE)
    if (Array.isArray(value)) return value.map(say).join(', ')
    return typeof value === 'object' ? formatMoney(value.amount, value.currency, locale) : value
  }
  const say = ({ text, values = {} }: Words): string =>
    t(
      `${textsOf(kind)}.${text}` as 'dispute.registered',
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])) as never,
    )
  return say
}
