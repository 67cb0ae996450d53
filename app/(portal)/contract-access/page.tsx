// For the holder: who else has this contract, and how much they may see.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { accessForm } from '@/lib/contracts/forms.ts'
import { getContract, listPeopleWithAccess } from '@/lib/contracts/queries.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
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
  const locale = await getLocale()
  return (
    <PageShell
      title={t('title')}
      lead={t(people.length > 0 ? 'lead' : 'leadNobody')}
      above={
        <ContractTabs
          contract={{ ...contract, biller, billerName: contract.biller.name }}
          current="access"
          locale={locale}
        />
      }
    >
      {(await searchParams).done !== undefined && <Done>{t('done')}</Done>}
      {people.length === 0 && <p>{t('empty')}</p>}
      <ul className="space-y-4">
        {people.map(person => {
          const name = `${person.firstName} ${person.lastName.slice(0, 1)}.`
          return (
            <li key={person.accountId}>
              <Card labelledBy={person.accountId} title={name}>
                <p className="text-muted">
                  {t('since', { day: formatInstant(person.addedAt, locale, contract.biller.timeZone) })}
                </p>
                <p className="my-3">
                  {t(`sees.${person.decision === 'refused' ? 'refused' : person.level}`)}
                </p>
                {/* Of several holders, none decides about another. */}
                {person.level !== 'holder' && (
                  <Form
                    form={accessForm}
                    action={decideAccessAction}
                    shownFor={{ biller, code, account: person.accountId }}
                    buttons={CHOICES.filter(({ value }) => value !== inForce(person)).map(
                      ({ value, key, look }) => ({
                        label: t(key),
                        says: t(`${key}Who`, { name }),
                        intent: value,
                        look,
                      }),
                    )}
                  />
                )}
              </Card>
            </li>
          )
        })}
      </ul>
    </PageShell>
  )
}

const CHOICES = [
  { value: 'approved', key: 'approve', look: 'secondary' },
  { value: 'limited', key: 'limit', look: 'secondary' },
  { value: 'refused', key: 'refuse', look: 'danger' },
] as const

/** The decision that would change nothing. */
const inForce = ({
  level,
  decision,
}: {
  level: string
  decision: (typeof CHOICES)[number]['value'] | null
}) => decision ?? (level === 'masked' ? 'approved' : undefined)
