// Where staff arrive: who they are here, and what waits in each queue.
import { CASE_LOOK } from '@/components/case-chip.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { auditPath } from '@/lib/audit/chosen.ts'
import { requireStaff } from '@/lib/auth/guards.ts'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { queuePath } from '@/lib/cases/chosen.ts'
import { queues, statesIn } from '@/lib/cases/kinds.ts'
import { COUNTED, countOpenCases, isOfRequests } from '@/lib/cases/queue.ts'
import { daysOffPath } from '@/lib/cases/schema.ts'
import { getSigner, SIGNING_SETTINGS } from '@/lib/certificates/signing-key.ts'
import { feedsPath } from '@/lib/feed/addresses.ts'
import { listFeedFaults } from '@/lib/feed/queries.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { LOOKUP_PATH } from '@/lib/looks/schema.ts'
import { getStaffHome } from '@/lib/looks/staff-home.ts'
import { paymentsPath } from '@/lib/payment-desk/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, daysBetween, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export default async function StaffPage() {
  const staff = await requireStaff()
  const t = await getTranslations('staff')
  const ofCases = await getTranslations('cases')
  const ofLooks = await getTranslations('findCustomer')
  const locale = await getLocale()
  const now = clock.now()
  const { billers, alarms, exceptions, failedJobs, unconfirmed } = await getStaffHome(staff, now)
  const counts = await countOpenCases(staff, now)
  const faults = await listFeedFaults(now, staff.billerIds)
  const ofDays = await getTranslations('daysOff')
  const ofFeeds = await getTranslations('feeds')
  const ofJobs = await getTranslations('failedJobs')
  const today = dayIn(PORTAL_ZONE, now)
  return (
    <PageShell
      title={t('title')}
      lead={
        <>
          <p>{t('lead', { name: inNormalCase(staff.firstName), role: staff.role })}</p>
          <p>{t('billers', { billers: billers.join(', ') })}</p>
        </>
      }
      wide
      action={
        <ButtonLink href={LOOKUP_PATH} icon="search">
          {ofLooks('title')}
        </ButtonLink>
      }
    >
      {alarms.map(({ staffId, at, ...of }) => (
        <Notice key={`${staffId} ${of.hours}`} tone="bad">
          {t.rich('alarm', {
            ...of,
            period: of.hours === 1 ? 'hour' : 'day',
            at: formatInstant(at, locale, PORTAL_ZONE),
            link: linkTo(auditPath({ person: staffId, group: 'looks' })),
          })}
        </Notice>
      ))}
      {!getSigner() && (
        <Notice tone="bad">{t('noSigningKey', { settings: SIGNING_SETTINGS.join(', ') })}</Notice>
      )}
      {exceptions > 0 && (
        <Notice tone="bad">
          {t.rich('exceptions', { count: exceptions, link: linkTo(paymentsPath()) })}
        </Notice>
      )}
      {faults.map(({ code, name, isRefused, days }) => (
        <Notice key={code} tone="bad">
          {t.rich(isRefused ? 'feedRefused' : 'feedMissing', {
            ...{ name, days: days ?? 0 },
            link: linkTo(feedsPath({ biller: code as BillerCode })),
          })}
        </Notice>
      ))}
      {unconfirmed.length > 0 && (
        <Notice tone="wait">
          {t.rich('daysOff', {
            years: unconfirmed
              .map(({ country, year }) => ofDays('ofYear', { country, year: String(year) }))
              .join(', '),
            link: linkTo(daysOffPath(unconfirmed[0]!)),
          })}
        </Notice>
      )}
      {queues.map(queue => (
        <section key={queue} aria-labelledby={queue} className="stack">
          <div className="card-head">
            <h2 id={queue}>{ofCases(`queues.${queue as 'registrations'}.title`)}</h2>
            <a className="more" href={queuePath(queue, 'open')}>
              {t('all')}
            </a>
          </div>
          <div className="tiles">
            {isOfRequests(queue) && (
              <LateTile
                href={queuePath(queue, 'open', { due: 'late' })}
                count={counts.filter(one => one.queue === queue).reduce((sum, { late }) => sum + late, 0)}
              />
            )}
            {statesIn(queue).open.map(state => {
              const found = counts.find(one => one.queue === queue && one.state === state)
              const days = found && daysBetween(dayIn(PORTAL_ZONE, found.oldest), today)
              return (
                <a key={state} className="card" href={queuePath(queue, 'open', { state })}>
                  <small className="flex items-center gap-1">
                    <Icon name={CASE_LOOK[state].icon} />
                    {t(`states.${state as 'pending'}`)}
                  </small>
                  <b className="figure">
                    {found && found.count > COUNTED ? t('more', { count: COUNTED }) : (found?.count ?? 0)}
                  </b>
                  <small>{days === undefined ? t('nothing') : t('oldest', { days })}</small>
                </a>
              )
            })}
          </div>
        </section>
      ))}
      <div className="tiles">
        <CountTile
          href={feedsPath()}
          label={ofFeeds('tile')}
          count={faults.filter(({ days }) => days !== null).length}
        />
        {failedJobs !== null && <CountTile href="/staff/jobs" label={ofJobs('title')} count={failedJobs} />}
      </div>
    </PageShell>
  )
}

/** Of what should be none. */
function CountTile({ href, label, count }: { href: string; label: string; count: number }) {
  return (
    <a className="card" href={href}>
      {count > 0 ? (
        <span>
          <Chip tone="bad">{label}</Chip>
        </span>
      ) : (
        <small>{label}</small>
      )}
      <b className="figure">{count}</b>
    </a>
  )
}

/** What is most urgent stands first. */
async function LateTile({ href, count }: { href: string; count: number }) {
  const t = await getTranslations('staff')
  const label = (await getTranslations('cases'))('tiles.late')
  return (
    <a className="card" href={href}>
      {count > 0 ? (
        <span>
          <Chip tone="bad">{label}</Chip>
        </span>
      ) : (
        <small>{label}</small>
      )}
      <b className="figure">{count > COUNTED ? t('more', { count: COUNTED }) : count}</b>
      <small>{t(count > 0 ? 'late' : 'nothing')}</small>
    </a>
  )
}
