// For the holder: who else has this contract, and how much they may see.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { accessForm } from '@/lib/contracts/forms.ts'
import { getContract, listPeopleWithAccess, type PersonWithAccess } from '@/lib/contracts/queries.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { decideAccessAction } from './actions.ts'

export default async function AccessPage({ searchParams }: ContractPageProps<'done'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (contract?.level !== 'holder') notFound()
  const people = await listPeopleWithAccess(customer, contract.id)
  const t = await getTranslations('access')
  // Who waits for an answer comes first, who was refused last.
  const [waiting, decided, refused] = [
    people.filter(isWaiting),
    people.filter(person => !isWaiting(person) && person.decision !== 'refused'),
    people.filter(({ decision }) => decision === 'refused'),
  ]
  return (
    <PageShell
      title={t('title')}
      lead={t(people.length > 0 ? 'lead' : 'leadNobody')}
      above={<ContractTabs contract={contract} current="access" locale={await getLocale()} />}
      wide
    >
      {(await searchParams).done !== undefined && <Done>{t('done')}</Done>}
      <div className="columns">
        <div>
          {people.length === 0 && (
            <Card>
              <p>{t('empty')}</p>
            </Card>
          )}
          {[...waiting, ...decided, ...refused].map(person => (
            <Person
              key={person.accountId}
              person={person}
              contract={{ biller, code, timeZone: contract.biller.timeZone }}
            />
          ))}
        </div>
        {people.length > 0 && (
          <div>
            <Card labelledBy="choices" title={t('choices')}>
              <Rows
                rows={CHOICES.map(({ value, key }) => ({
                  id: value,
                  title: t(key),
                  note: t(`means.${value}`, { country: contract.biller.country }),
                }))}
              />
            </Card>
          </div>
        )}
      </div>
    </PageShell>
  )
}

const isWaiting = ({ level, decision }: PersonWithAccess) => level === 'amounts' && decision === null

type PersonProps = {
  person: PersonWithAccess
  contract: { biller: string; code: string; timeZone: string }
}

async function Person({ person, contract: { biller, code, timeZone } }: PersonProps) {
  const t = await getTranslations('access')
  const name = `${inNormalCase(person.firstName)} ${person.lastName.slice(0, 1)}.`
  return (
    <Card
      labelledBy={person.accountId}
      title={name}
      action={isWaiting(person) && <Chip tone="wait">{t('waiting')}</Chip>}
    >
      <p>
        {t(`sees.${person.decision === 'refused' ? 'refused' : person.level}`)}
        <small>{t('since', { day: formatInstant(person.addedAt, await getLocale(), timeZone) })}</small>
      </p>
      {/* Of several holders, none decides about another. */}
      {person.level !== 'holder' && (
        <Form
          form={accessForm}
          action={decideAccessAction}
          shownFor={{ biller, code, account: person.accountId }}
          buttons={CHOICES.filter(({ value }) => value !== inForce(person)).map(({ value, key, look }) => ({
            label: t(key),
            says: t(`${key}Who`, { name }),
            intent: value,
            look,
          }))}
        />
      )}
    </Card>
  )
}

const CHOICES = [
  { value: 'approved', key: 'approve', look: 'secondary' },
  { value: 'limited', key: 'limit', look: 'secondary' },
  { value: 'refused', key: 'refuse', look: 'danger' },
] as const

/** The decision that would change nothing. */
const inForce = ({ level, decision }: PersonWithAccess) =>
  decision ?? (level === 'masked' ? 'approved' : undefined)
