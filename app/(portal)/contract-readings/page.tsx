// Where a customer sends what the meter shows, and sees what was sent and what the next bill says beside it.
import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatDayInSentence, formatNumber } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { readingForm } from '@/lib/readings/forms.ts'
import { getReadable, listSentReadings, type ReadableContract } from '@/lib/readings/queries.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { sendReadingAction } from './actions.ts'
import { SentReadings } from './sent.tsx'

export default async function ReadingsPage({
  searchParams,
}: ContractPageProps<'sent' | 'withdrawn' | 'tooLate' | 'tooLarge'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getReadable(customer, biller, code, clock.now())
  if (!contract) notFound()
  const readings = await listSentReadings(customer, contract.id)
  const { sent, withdrawn, tooLate, tooLarge } = await searchParams
  const t = await getTranslations('reading')
  return (
    <PageShell
      title={t('title')}
      above={<ContractTabs contract={contract} current="info" locale={await getLocale()} />}
    >
      {sent !== undefined && <Done>{t('done', { biller: contract.biller.name })}</Done>}
      {withdrawn !== undefined && <Done>{t('withdrawn')}</Done>}
      {tooLate !== undefined && (
        <Notice tone="wait" live>
          {t('tooLate')}
        </Notice>
      )}
      {contract.notNeeded ? (
        <NotNeeded contract={contract} />
      ) : (
        <SendCard contract={contract} tooLarge={tooLarge !== undefined} />
      )}
      <SentReadings contract={contract} readings={readings} />
    </PageShell>
  )
}

type Props = { contract: ReadableContract }

async function NotNeeded({ contract: { biller, notNeeded } }: Props) {
  const t = await getTranslations('reading')
  return (
    <Card>
      <p>{t(`notNeeded.${notNeeded!}`, { biller: biller.name, country: biller.country })}</p>
    </Card>
  )
}

async function SendCard({ contract, tooLarge }: Props & { tooLarge: boolean }) {
  const t = await getTranslations('reading')
  const request = await getTranslations('request')
  const locale = await getLocale()
  const { biller, code, hasTwo, latest, shownMeter } = contract
  const registers = await getTranslations('contractInfo')
  return (
    <Card>
      <p>{t('lead', { biller: biller.name, country: biller.country })}</p>
      <Form
        form={readingForm}
        action={sendReadingAction}
        shownFor={{ biller: biller.code, code }}
        without={hasTwo ? [] : ['lowReading']}
        labels={{
          currentReading: hasTwo
            ? registers('registers.A1')
            : registers('oneRegister', { country: biller.country }),
          lowReading: registers('registers.A2'),
          meterNumber: request('optional', {
            label: request('meterNumber', { country: biller.country }),
          }),
        }}
        hints={{
          currentReading: latest
            ? request('recordedReading', {
                reading: formatNumber(latest.value, locale),
                day: formatDayInSentence(latest.on, locale),
              })
            : t('fields.currentReading.hint'),
          meterNumber: shownMeter === null ? undefined : request('recordedMeter', { number: shownMeter }),
        }}
        tooLarge={tooLarge}
      />
    </Card>
  )
}
