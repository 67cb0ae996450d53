// Readings of the contract's meter that customers sent, with their photos; nothing where the biller has no meters.
import { StepDocuments } from '@/components/document-list.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import type { ContractForStaff } from '@/lib/looks/contract-queries.ts'
import { readingState } from '@/lib/readings/rules.ts'
import { readingWords } from '@/lib/readings/words.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function SentReadings({ contract: { biller, sentReadings } }: { contract: ContractForStaff }) {
  if (biller.unit === 'none') return null
  const t = await getTranslations('reading')
  const locale = await getLocale()
  return (
    <Card labelledBy="sent-readings" title={t('list')}>
      {sentReadings.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Rows
          rows={sentReadings.map(
            ({ id, readOn, meterNumber, isUnusual, byHolder, handedOverAt, photos, ...values }) => ({
              id: String(id),
              title: readingWords(values, biller, locale),
              note: [
                formatDayInSentence(readOn, locale),
                t(`states.${readingState({ withdrawnAt: null, handedOverAt })}`, { biller: biller.name }),
                ...(byHolder ? [] : [t('staff.byOther')]),
                ...(meterNumber ? [t('staff.meter', { number: meterNumber })] : []),
                ...(isUnusual ? [t('staff.unusual')] : []),
              ].join(' · '),
              ways: photos.length > 0 && <StepDocuments documents={photos} />,
            }),
          )}
        />
      )}
    </Card>
  )
}
