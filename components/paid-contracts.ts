// Which contracts a payment is for, by what its payer calls them.
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import { formatList } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Attempt } from '@/lib/payments/schema.ts'

type Paying = Pick<Attempt, 'contracts' | 'billerCode' | 'billerName' | 'country'>

/** So many are named. */
const NAMED = 3

/** Their names in a sentence, or of many how many there are. */
export function contractsNamed(payment: Paying, locale: Locale): string {
  const { contracts } = payment
  if (contracts.length > NAMED)
    return translator(locale, 'ownPayments')('contracts', { count: contracts.length })
  return formatList([...titlesOfPaid(payment, locale).values()], locale)
}

/** What each is called, told from the others, by its id. */
export function titlesOfPaid(
  { contracts, billerCode, billerName, country }: Paying,
  locale: Locale,
): Map<number, string> {
  const biller = { code: billerCode, name: billerName, country }
  const titled = contracts.map(contract => ({ ...contract, biller }))
  const titleOf =
    titled.length > 1
      ? distinctTitles(titled, locale)
      : (one: (typeof titled)[0]) => contractTitle(one, locale)
  return new Map(titled.map(contract => [contract.id, titleOf(contract)]))
}
