// Below a contract's name: whose it is and its code, with the word that the biller's paper has for it.
import { wordsFor } from '@/lib/billers/supply.ts'
import type { Titled } from '@/lib/billing/contract-title.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

type CodeLineProps = { contract: Pick<Titled, 'code' | 'biller'>; locale: Locale }

export function CodeLine({ contract: { code, biller }, locale }: CodeLineProps) {
  const word = translator(locale, 'words')('customerCode', wordsFor(biller))
  return (
    <>
      {biller.name} · {word} <span className="code">{code}</span>
    </>
  )
}
