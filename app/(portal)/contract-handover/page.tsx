// A holder who moves out: the day, then what it will mean, and its confirmation.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import type { IconName } from '@/components/ui/icon.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { isSupply } from '@/lib/billers/supply.ts'
import { confirmHandoverForm } from '@/lib/contracts/forms.ts'
import { listPeopleWithAccess } from '@/lib/contracts/people.ts'
import { type ContractDetails, getContract } from '@/lib/contracts/queries.ts'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, type IsoDate, isIsoDate } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { confirmHandoverAction } from './actions.ts'
import { HandoverCard } from './card.tsx'

export default async function HandoverPage({ searchParams }: ContractPageProps<'on'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (!contract || !isSupply(biller) || (!contract.holdsNow && !contract.heldUntilDay)) notFound()
  const { on } = await searchParams
  const chosen = typeof on === 'string' && isIsoDate(on) && contract.untilOn === null ? on : undefined
  const t = await getTranslations('handover')
  const confirm = await getTranslations('confirmHandover')
  const locale = await getLocale()
  return (
    <PageShell
      title={chosen ? confirm('title', { day: formatDayInSentence(chosen, locale) }) : t('title')}
      above={<ContractTabs contract={contract} current="access" locale={locale} />}
      back={{ href: `/contracts/${biller}/${code}/access`, label: t('back') }}
    >
      {chosen ? (
        <Confirm customer={customer} contract={contract} on={chosen} />
      ) : (
        <HandoverCard contract={contract} isFirst isAlone />
      )}
    </PageShell>
  )
}

type ConfirmProps = { customer: Customer; contract: ContractDetails; on: IsoDate }

async function Confirm({ customer, contract: { id, biller, code }, on }: ConfirmProps) {
  const people = await listPeopleWithAccess(customer, id)
  const t = await getTranslations('confirmHandover')
  const day = formatDayInSentence(on, await getLocale())
  const isPast = on < dayIn(biller.timeZone, clock.now())
  const count = people.filter(({ decision }) => decision !== 'refused').length
  const row = (key: 'yours' | 'after' | 'others' | 'contract' | 'undo' | 'past', icon: IconName) => ({
    id: key,
    icon,
    title: t(`${key}.title`),
    note: t(`${key}.text`, { day, count, biller: biller.name }),
  })
  return (
    <>
      <Card>
        <Rows
          rows={[
            row('yours', 'check'),
            row('after', 'no'),
            row('others', 'access'),
            row('contract', 'doc'),
            isPast ? row('past', 'due') : row('undo', 'back'),
          ]}
        />
      </Card>
      <Form
        form={confirmHandoverForm}
        action={confirmHandoverAction}
        shownFor={{ biller: biller.code, code, on }}
        buttons={[{ label: t('submit', { day }), look: 'danger' }]}
      />
      <p className="actions">
        <a href={`/contracts/${biller.code}/${code}/handover`}>{t('other')}</a>
      </p>
    </>
  )
}
