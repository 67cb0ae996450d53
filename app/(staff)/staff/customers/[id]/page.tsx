// An account for staff: whose it is, its contracts with their billers, and how it stands. Within a look, and masked until they ask.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { auditPath } from '@/lib/audit/chosen.ts'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { shownPhone } from '@/lib/billers/phones.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import { type CustomerForStaff, getCustomerForStaff } from '@/lib/looks/customer-queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { RelatedCases } from '../../contracts/[biller]/[code]/related.tsx'
import { AskWhy, Because, Follow, Masked, wayBack } from '../look.tsx'

export default async function StaffCustomerPage({ params }: PageProps<'id'>) {
  const staff = await requireStaff()
  const id = parseId((await params).id)
  const customer = id && (await getCustomerForStaff(staff, id, clock.now()))
  if (!customer) return refuseStaff(staff, id && `account:${id}`)
  if (!customer.look) return <AskWhy subject={{ account: id }} />
  const t = await getTranslations('staffCustomer')
  return (
    <PageShell title={t('title')} back={await wayBack()} lead={<Because look={customer.look} />} wide>
      <div className="columns">
        <div>
          <Contracts customer={customer} />
          <RelatedCases
            cases={customer.cases}
            title={t('cases')}
            none={(await getTranslations('staffContract'))('noCases')}
            country="AL"
          />
        </div>
        <div>
          <Person customer={customer} />
          <State customer={customer} />
          {staff.role !== 'agent' && (
            <p className="actions">
              <a href={auditPath({ account: id })}>{t('audit')}</a>
            </p>
          )}
        </div>
      </div>
    </PageShell>
  )
}

type Props = { customer: CustomerForStaff }

async function Contracts({ customer: { contracts, look } }: Props) {
  const t = await getTranslations('staffCustomer')
  const ofContract = await getTranslations('staffContract')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const follow = (await getTranslations('look'))('follow.contract')
  return (
    <Card labelledBy="contracts" title={t('contracts')}>
      {contracts.length === 0 ? (
        <p>{t('noContracts')}</p>
      ) : (
        <Rows
          rows={contracts.map(
            ({ biller, billerName, country, currency, code, due, level, removed, closedOn }) => ({
              id: `${biller} ${code}`,
              title: (
                <>
                  {billerName} <span className="code">{code}</span>
                </>
              ),
              note: [
                level ? ofContract(`levels.${level}`) : t('notAdded'),
                removed && t('removed'),
                closedOn && t('closed'),
              ]
                .filter(Boolean)
                .join(', '),
              end:
                due > 0 ? (
                  <>
                    <small>{words('totalDebt', { country })}</small>
                    <b>{formatMoney(due, currency, locale)}</b>
                  </>
                ) : (
                  <small>{ofContract('nothingDue')}</small>
                ),
              ways: (
                <Follow
                  from={{ look: look.id }}
                  to={{ biller, code }}
                  label={follow}
                  says={`${follow} ${code}`}
                />
              ),
            }),
          )}
        />
      )}
    </Card>
  )
}

async function Person({ customer: { person, look } }: Props) {
  const t = await getTranslations('staffCustomer')
  const words = await getTranslations('words')
  return (
    <Card labelledBy="person" title={t('person')}>
      <Facts
        columns={1}
        facts={[
          { label: t('name'), value: person.name && inNormalCase(person.name) },
          { label: words('personalNumber'), value: <span className="code">{person.personalNumber}</span> },
          { label: words('mobileNumber'), value: shownPhone(person.phone) },
          { label: words('email'), value: <span className="wrap-anywhere">{person.email}</span> },
          { label: words('username'), value: <span className="code">{person.username}</span> },
        ]}
      />
      <Masked look={look} />
    </Card>
  )
}

async function State({ customer: { isLocked, emailVerifiedAt, lastSignIn, devices, createdAt } }: Props) {
  const t = await getTranslations('staffCustomer')
  const locale = await getLocale()
  const day = (at: Date) => formatDay(dayIn(PORTAL_ZONE, at), locale)
  // Beside what is wrong, where something is.
  const unlock = (
    <a className="more" href="/staff/counter/unlock">
      {(await getTranslations('unlock'))('title')}
    </a>
  )
  return (
    <Card labelledBy="account" title={t('account')} action={isLocked ? undefined : unlock}>
      <Facts
        columns={1}
        facts={[
          {
            label: t('signIn'),
            value: isLocked ? (
              <>
                <Chip tone="bad">{t('locked')}</Chip> {unlock}
              </>
            ) : (
              <Chip tone="good">{t('free')}</Chip>
            ),
          },
          {
            label: t('emailState'),
            value: emailVerifiedAt ? t('yes', { day: day(emailVerifiedAt) }) : t('no'),
          },
          { label: t('lastSignIn'), value: lastSignIn ? day(lastSignIn) : t('never') },
          { label: t('devices'), value: devices },
          { label: t('opened'), value: day(createdAt) },
        ]}
      />
    </Card>
  )
}
