// What a customer read on the meter beside what the bill says.
import { linkTo } from '@/components/link-to.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { Invoice, SentReading } from '@/lib/billing/schema.ts'
import { formatDayInSentence, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { readingsPath } from '@/lib/readings/schema.ts'
import { readingWords } from '@/lib/readings/words.ts'

type BesideProps = { invoice: Invoice; sent: SentReading; locale: Locale }

export function BesideReading({ invoice, sent, locale }: BesideProps) {
  const t = translator(locale, 'reading')
  const { biller, contractCode, currentReading } = invoice
  const values = {
    reading: readingWords(sent, biller, locale),
    day: formatDayInSentence(sent.readOn, locale),
    link: linkTo(readingsPath({ biller: biller.code, code: contractCode })),
  }
  return (
    <div className="print:hidden">
      <Notice icon="meter">
        {currentReading === null
          ? t.rich('besideUnread', values)
          : t.rich('beside', {
              ...values,
              billed: formatUnits(currentReading, biller.unit, locale),
              b: chunks => <b>{chunks}</b>,
            })}
      </Notice>
    </div>
  )
}
