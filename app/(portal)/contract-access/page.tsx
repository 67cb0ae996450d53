// For the holder: who else has this contract, how much they may see, what has happened, and moving out.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { isSupply } from '@/lib/billers/supply.ts'
import { listAccessEvents, listPeopleWithAccess, type PersonWithAccess } from '@/lib/contracts/people.ts'
import { type ContractDetails, getContract } from '@/lib/contracts/queries.ts'
import { formatDayInSentence, formatInstant } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { HandoverCard } from '../contract-handover/card.tsx'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { AccessEvents } from './events.tsx'
import { DecisionForm, isWaiting, nameOf, People } from './people.tsx'

export default async function AccessPage({ searchParams }: ContractPageProps<'done'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (contract?.level !== 'holder') notFound()
  const people = await listPeopleWithAccess(customer, contract.id)
  const events = await listAccessEvents(customer, contract.id)
  const t = await getTranslations('access')
  const locale = await getLocale()
  return (
    <PageShell
      title={t('title')}
      above={<ContractTabs contract={contract} current="access" locale={locale} />}
      wide
    >
      <Saved done={(await searchParams).done} biller={contract.biller.name} />
      <div className="columns">
        <div>
          {contract.holdsNow ? (
            <Others customer={customer} people={people} contract={contract} />
          ) : (
            <Notice>
              <p>{t('movedOut', { day: formatDayInSentence(contract.untilOn!, locale) })}</p>
            </Notice>
          )}
        </div>
        <div>
          <AccessEvents events={events} contract={contract} />
          {contract.holdsNow && isSupply(biller) && (
            <HandoverCard contract={contract} isFirst={people.every(({ level }) => level === 'holder')} />
          )}
        </div>
      </div>
    </PageShell>
  )
}

const DONE = ['decided', 'already', 'unknown', 'named', 'undone'] as const

async function Saved({ done, biller }: { done: string | string[] | undefined; biller: string }) {
  const said = DONE.find(one => one === done)
  if (!said) return null
  const t = await getTranslations('access')
  return <Done>{t.rich(`done.${said}`, { biller, link: linkTo('/help#contact') })}</Done>
}

type OthersProps = { customer: Customer; people: PersonWithAccess[]; contract: ContractDetails }

/** Who waits for an answer comes first, who was refused last. */
async function Others({ customer, people, contract }: OthersProps) {
  const t = await getTranslations('access')
  const locale = await getLocale()
  const waiting = people.filter(isWaiting)
  const decided = people.filter(person => !isWaiting(person))
  const refusedLast = [
    ...decided.filter(({ decision }) => decision !== 'refused'),
    ...decided.filter(({ decision }) => decision === 'refused'),
  ]
  return (
    <>
      <p className="lead">{t(people.length > 0 ? 'lead' : 'leadNobody')}</p>
      {waiting.map((person, index) => (
        <Card
          key={person.accountId}
          labelledBy={person.accountId}
          title={t('added', { name: nameOf(person) })}
          action={<Chip tone="wait">{t('waiting')}</Chip>}
        >
          <p className="text-muted">
            {t('addedOn', { day: formatInstant(person.addedAt, locale, contract.biller.timeZone) })}
          </p>
          <DecisionForm person={person} contract={contract} isFirst={index === 0} />
        </Card>
      ))}
      <People
        holder={`${customer.firstName} ${customer.lastName}`}
        people={refusedLast}
        contract={contract}
        isFirst={waiting.length === 0}
      />
    </>
  )
}
