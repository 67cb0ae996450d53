// The readings that were sent: what became of each, and the bill that it stands beside.
import { StepDocuments } from '@/components/document-list.tsx'
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip, type Tone } from '@/components/ui/chip.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { formatDayInSentence, formatMonthInSentence, formatNumber } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { withdrawReadingForm } from '@/lib/readings/forms.ts'
import type { ListedReading, ReadableContract } from '@/lib/readings/queries.ts'
import type { ReadingState, ReadingValues } from '@/lib/readings/schema.ts'
import { readingWords } from '@/lib/readings/words.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { withdrawReadingAction } from './actions.ts'

const TONE: Record<ReadingState, Tone> = { sent: 'wait', handedOver: 'good', withdrawn: 'plain' }

type SentProps = { contract: ReadableContract; readings: ListedReading[] }

export async function SentReadings({ contract, readings }: SentProps) {
  const t = await getTranslations('reading')
  const locale = await getLocale()
  const { biller, code } = contract
  const words = (values: ReadingValues) => readingWords(values, biller, locale)
  if (readings.length === 0)
    return contract.notNeeded ? null : (
      <Card labelledBy="sent" title={t('list')}>
        <p>{t('none')}</p>
      </Card>
    )
  return (
    <Card labelledBy="sent" title={t('list')}>
      <Rows
        rows={readings.map(reading => {
          const day = formatDayInSentence(reading.readOn, locale)
          return {
            id: String(reading.id),
            title: words(reading),
            note: [
              day,
              ...(reading.isOwn ? [] : [t('byOther')]),
              ...(reading.beside && reading.state !== 'withdrawn'
                ? [besideWords(reading.beside, locale, t)]
                : []),
            ].join(' · '),
            end: (
              <Chip tone={TONE[reading.state]}>{t(`states.${reading.state}`, { biller: biller.name })}</Chip>
            ),
            ways: (reading.photos.length > 0 || canWithdraw(reading)) && (
              <>
                <StepDocuments documents={reading.photos} />
                {canWithdraw(reading) && (
                  <Form
                    form={withdrawReadingForm}
                    action={withdrawReadingAction}
                    shownFor={{ biller: biller.code, code, reading: String(reading.id) }}
                    beside={String(reading.id)}
                    buttons={[
                      {
                        label: t('withdraw'),
                        says: t('withdrawWhich', { day }),
                        intent: 'withdraw',
                        look: 'link',
                      },
                    ]}
                  />
                )}
              </>
            ),
          }
        })}
      />
    </Card>
  )
}

const canWithdraw = ({ isOwn, state }: ListedReading): boolean => isOwn && state === 'sent'

function besideWords(
  { period, currentReading }: NonNullable<ListedReading['beside']>,
  locale: Locale,
  t: Awaited<ReturnType<typeof getTranslations<'reading'>>>,
): string {
  const month = formatMonthInSentence(period, locale)
  return currentReading === null
    ? t('besideBillUnread', { month })
    : t('besideBill', { month, reading: formatNumber(currentReading, locale) })
}
