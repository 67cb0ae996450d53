// Whom and what a contract leads on to: people, cases, other contracts of its holder.
import { CaseChip } from '@/components/case-chip.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { auditPath } from '@/lib/audit/chosen.ts'
import type { StaffRole } from '@/lib/auth/staff.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath, shownNumber } from '@/lib/cases/schema.ts'
import { formatDay, formatInstant, formatList } from '@/lib/i18n/formats.ts'
import type { CaseOf, ContractForStaff } from '@/lib/looks/contract-queries.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Follow } from '../../../customers/look.tsx'

type Props = { contract: ContractForStaff }

/** `role`: the audit log is not for agents. */
export async function People({
  contract: { id, people, handovers, look, biller, code },
  role,
}: Props & { role: StaffRole }) {
  const counter = await getTranslations('counter')
  const t = await getTranslations('staffContract')
  const ofLook = await getTranslations('look')
  const locale = await getLocale()
  return (
    <Card
      labelledBy="people"
      title={t('people')}
      action={
        <a className="more" href={`/staff/counter?biller=${biller.code}&code=${code}`}>
          {counter('recognise')}
        </a>
      }
    >
      {handovers.length > 0 && (
        <p>
          {t('handovers', {
            days: formatList(
              handovers.map(day => formatDay(day, locale)),
              locale,
            ),
          })}
        </p>
      )}
      {people.length === 0 ? (
        <p>{t('nobody')}</p>
      ) : (
        <Rows
          rows={people.map(({ accountId, name, level, decision, addedAt, fromOn, untilOn }) => ({
            id: accountId,
            title: inNormalCase(name),
            note: [
              t(`levels.${decision === 'refused' ? decision : level}`),
              t('since', { day: formatInstant(addedAt, locale, biller.timeZone) }),
              ...(fromOn ? [t('fromOn', { day: formatDay(fromOn, locale) })] : []),
              ...(untilOn ? [t('untilOn', { day: formatDay(untilOn, locale) })] : []),
            ].join(', '),
            ways: (
              <Follow from={{ look: look.id }} to={{ account: accountId }} label={ofLook('follow.account')} />
            ),
          }))}
        />
      )}
      <p className="actions">
        <a href={`/staff/counter/withdraw?biller=${biller.code}&code=${code}`}>{t('withdraw')}</a>
        {role !== 'agent' && <a href={auditPath({ contract: id })}>{t('audit')}</a>}
      </p>
    </Card>
  )
}

export async function Others({ contract: { others, look, biller } }: Props) {
  if (others.length === 0) return null
  const t = await getTranslations('staffContract')
  const ofLook = await getTranslations('look')
  return (
    <Card labelledBy="others" title={t('others')}>
      <Rows
        rows={others.map(code => ({
          id: code,
          title: <span className="code">{code}</span>,
          ways: (
            <Follow
              from={{ look: look.id }}
              to={{ biller: biller.code, code }}
              label={ofLook('follow.contract')}
              says={`${ofLook('follow.contract')} ${code}`}
            />
          ),
        }))}
      />
    </Card>
  )
}

/** `all`: where those are that came earlier. */
type CasesProps = {
  cases: CaseOf[]
  title: string
  none: string
  all?: string
  country: ContractForStaff['biller']['country']
}

export async function RelatedCases({ cases, title, none, all, country }: CasesProps) {
  const t = await getTranslations('cases')
  const ofStaff = await getTranslations('staff')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  return (
    <Card
      labelledBy="cases"
      title={title}
      action={
        all && (
          <a className="more" href={all}>
            {ofStaff('all')}
          </a>
        )
      }
    >
      {cases.length === 0 ? (
        <p>{none}</p>
      ) : (
        <Rows
          rows={cases.map(one => ({
            id: one.id,
            href: casePath(one.queue, one.id),
            title: (
              <span className="inline-block text-accent underline first-letter:uppercase">
                {ofKind(`${one.kind}.name`, { country })}
              </span>
            ),
            note: [shownNumber(one), formatDay(dayIn(PORTAL_ZONE, new Date(one.createdAt)), locale)]
              .filter(Boolean)
              .join(' · '),
            end: (
              <CaseChip state={one.state}>
                {t(
                  `${one.number && isDecided(one.state) ? 'requestStates' : 'states'}.${one.state as 'accepted'}`,
                )}
              </CaseChip>
            ),
          }))}
        />
      )}
    </Card>
  )
}
