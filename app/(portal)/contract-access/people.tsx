// Those who have the contract besides its holder, and the form in which the holder decides what each of them sees.
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { wordsFor } from '@/lib/billers/supply.ts'
import { accessForm, accessLevels } from '@/lib/contracts/forms.ts'
import type { PersonWithAccess } from '@/lib/contracts/people.ts'
import type { ContractDetails } from '@/lib/contracts/queries.ts'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import { dayIn, type IsoDate } from '@/lib/platform/dates.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { decideAccessAction } from './actions.ts'

export const isWaiting = ({ level, decision }: PersonWithAccess) => level === 'amounts' && decision === null

export const nameOf = ({ firstName, lastName }: PersonWithAccess) =>
  `${inNormalCase(firstName)} ${lastName.slice(0, 1)}.`

/** The last day of an access that has an end. */
const lastDay = ({ endsAt }: PersonWithAccess, timeZone: string): IsoDate | undefined =>
  endsAt ? dayIn(timeZone, new Date(endsAt.getTime() - 1)) : undefined

type PeopleProps = { holder: string; people: PersonWithAccess[]; contract: ContractDetails; isFirst: boolean }

/** `isFirst`: nobody who waits, with a form of their own, stands above. */
export async function People({ holder, people, contract, isFirst }: PeopleProps) {
  const t = await getTranslations('access')
  const locale = await getLocale()
  const first = people.findIndex(({ level }) => level !== 'holder')
  const noteOf = (person: PersonWithAccess) => {
    const sees = t(`sees.${person.decision === 'refused' ? 'refused' : person.level}`)
    const day = lastDay(person, contract.biller.timeZone)
    if (person.level !== 'masked') return sees
    return `${sees} · ${day ? t('lasts', { day: formatDayInSentence(day, locale) }) : t('noEnd')}`
  }
  return (
    <Card labelledBy="people" title={t('people')}>
      <Rows
        rows={[
          {
            id: 'you',
            icon: 'person',
            title: t('you', { name: inNormalCase(holder) }),
            end: <Chip tone="good">{t('holder')}</Chip>,
          },
          ...people.map((person, index) => ({
            id: person.accountId,
            icon: person.decision === 'refused' ? ('no' as const) : ('access' as const),
            title: nameOf(person),
            note: noteOf(person),
            // Of several holders, none decides about another.
            ways: person.level !== 'holder' && (
              <details className="grow">
                <summary className="more">
                  {t('change')}
                  <span className="sr-only">{`: ${nameOf(person)}`}</span>
                </summary>
                <DecisionForm person={person} contract={contract} isFirst={isFirst && index === first} />
              </details>
            ),
          })),
        ]}
      />
      {people.length === 0 && isFirst && <p>{t('empty')}</p>}
    </Card>
  )
}

type FormProps = { person: PersonWithAccess; contract: ContractDetails; isFirst: boolean }

export async function DecisionForm({ person, contract, isFirst }: FormProps) {
  const t = await getTranslations('access')
  const { biller, code } = contract
  const name = nameOf(person)
  const waits = isWaiting(person)
  const level = person.decision ?? (person.level === 'masked' ? 'approved' : 'limited')
  return (
    <Form
      form={accessForm}
      action={decideAccessAction}
      shownFor={{ biller: biller.code, code, account: person.accountId }}
      beside={isFirst ? undefined : person.accountId}
      values={{ level, until: lastDay(person, biller.timeZone) }}
      options={{
        level: accessLevels.map(value => ({
          value,
          label: (
            <span>
              <b>{t(`levels.${value}`)}</b>
              <small>{t(`means.${value}`, wordsFor(biller))}</small>
            </span>
          ),
        })),
      }}
      buttons={[
        {
          label: t('save'),
          says: t('saveWho', { name }),
          intent: 'save',
          look: waits && isFirst ? undefined : 'secondary',
        },
        ...(waits ? [{ label: t('unknown'), intent: 'unknown', look: 'secondary' as const }] : []),
      ]}
    />
  )
}
