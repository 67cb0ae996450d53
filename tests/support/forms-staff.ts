// What staff fill in at the counter: forms of the walk.
import * as audit from '../../lib/audit/forms.ts'
import * as cases from '../../lib/cases/forms.ts'
import * as counter from '../../lib/counter/forms.ts'
import * as maintenance from '../../lib/maintenance/forms.ts'
import * as tariffs from '../../lib/tariffs/forms.ts'
import { tariffsPath } from '../../lib/tariffs/schema.ts'
import * as worker from '../../lib/worker/forms.ts'
import { contract, counts, next, type Person, person, type Row } from './form-people.ts'
import { staffMember } from './forms-two-factor.ts'
import { type Portal, rows } from './portal-process.ts'

/** A customer with a contract whose names and number are theirs; `recognised`: as its holder. */
export async function customerOf(
  portal: Portal,
  recognised = false,
): Promise<{ one: Person; code: string; id: number }> {
  const one = await person(portal)
  const code = await contract(portal, one)
  const [made] = await rows<{ id: number }>(
    portal.databaseUrl,
    `update contracts set holder_first_name = 'Arta', holder_last_name = 'Berisha', holder_name_folded = 'arta berisha',
       holder_personal_number = a.personal_number from accounts a where a.id = $1 and code = $2 returning contracts.id::int`,
    [one.id, code],
  )
  if (recognised) {
    await rows(
      portal.databaseUrl,
      `update contract_access set recognised_at = now(), recognised_by = 'counter' where account_id = $1`,
      [one.id],
    )
  }
  return { one, code, id: made!.id }
}

/** A job that was given up, of a kind of its own. */
async function failedJob(portal: Portal): Promise<string> {
  const task = `nobody-does-${next()}`
  await rows(
    portal.databaseUrl,
    `select graphile_worker.add_job($1, run_at := now() + interval '1 day', max_attempts := 1)`,
    [task],
  )
  await rows(
    portal.databaseUrl,
    `update graphile_worker._private_jobs j set attempts = 1, last_error = 'Error' from graphile_worker._private_tasks t
     where t.id = j.task_id and t.identifier = $1`,
    [task],
  )
  return task
}

/** A tariff of a group that nobody knows yet, as it is typed. */
const newTariff = () => ({
  ...{
    group: `g${next()}`,
    from: '01.04.2027',
    high: '0,0905',
    low: '0.0388',
    blockKind: 'above',
    blockLimit: '800',
  },
  ...{
    blockHigh: '0,1543',
    blockLow: '0,0728',
    fixedFee: '2,32',
    tvTax: '0',
    vatPercent: '8',
    source: 'A decision',
  },
})

/** The day so many days from now, as it is typed. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** How often it was done from now on. */
async function timesFromNow(portal: Portal, action: string): Promise<() => Promise<number>> {
  const done = counts(portal, 'audit_events where action = $1', action)
  const before = await done()
  return async () => (await done()) - before
}

export const FORMS_OF_STAFF: Row[] = [
  {
    form: maintenance.maintenanceForm as never,
    field: 'untilTime',
    wrong: { begins: 'later', day: '32.13.2026', time: '25:00', untilDay: 'tomorrow', untilTime: 'noon' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'admin')
      await rows(portal.databaseUrl, 'delete from maintenance')
      // So far ahead that nobody is told.
      const right = {
        ...{
          begins: 'later',
          day: dayIn(20),
          time: '22:00',
          untilDay: dayIn(21),
          untilTime: '6:00',
          sure: 'on',
        },
      }
      const done = await timesFromNow(portal, 'maintenance.set')
      return { customer, path: '/staff/maintenance', right, done }
    },
  },
  {
    form: maintenance.endMaintenanceForm as never,
    field: 'isOver',
    wrong: { isOver: '' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'admin')
      await rows(
        portal.databaseUrl,
        `insert into maintenance (starts_at, ends_at, set_at) values (now() + interval '20 days', now() + interval '21 days', now())
         on conflict (id) do update set set_at = now()`,
      )
      const done = await timesFromNow(portal, 'maintenance.ended')
      return { customer, path: '/staff/maintenance', right: { isOver: 'on' }, done }
    },
  },
  {
    form: tariffs.previewTariffForm as never,
    field: 'from',
    wrong: {
      ...{
        group: 'a b',
        from: 'tomorrow',
        high: '-1',
        low: 'x',
        blockLimit: '0',
        blockHigh: '1e3',
        blockLow: 'x',
      },
      ...{ fixedFee: '-1', tvTax: 'x', vatPercent: '101', source: 's'.repeat(300), note: 'n'.repeat(500) },
    },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'admin')
      const right = newTariff()
      const done = counts(
        portal,
        `audit_events where action = 'tariff.previewed' and details ->> 'group' = $1`,
        right.group,
      )
      return { customer, path: '/staff/tariffs?biller=kesco&group=4/02', right, done }
    },
  },
  {
    form: tariffs.confirmTariffForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'admin')
      const tariff = newTariff()
      const filledIn = await customer.get(tariffsPath({ biller: 'kesco', ...tariff }))
      const preview = await customer.submit(filledIn, 'high', {})
      return {
        customer,
        path: preview.path,
        right: {},
        done: counts(portal, 'tariffs where tariff_group = $1', tariff.group),
      }
    },
  },
  {
    form: worker.retryJobsForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'admin')
      await rows(
        portal.databaseUrl,
        `delete from graphile_worker._private_jobs where attempts >= max_attempts`,
      )
      const task = await failedJob(portal)
      const done = counts(
        portal,
        `audit_events where action = 'jobs.retried' and details ->> 'task' = $1`,
        task,
      )
      return { customer, path: '/staff/jobs', right: { intent: 'one' }, done }
    },
  },
  {
    form: audit.auditForm as never,
    field: 'caseNumber',
    wrong: { identifier: 'n'.repeat(300), contractCode: 'c'.repeat(50), caseNumber: 'F'.repeat(30) },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'supervisor')
      const { one } = await customerOf(portal)
      const searches = counts(
        portal,
        `audit_events where action = 'audit.searched' and details ->> 'found' = 'true' and $1 <> ''`,
        'x',
      )
      const before = await searches()
      const done = async () => (await searches()) - before
      return { customer, path: '/staff/audit', right: { identifier: one.username }, done }
    },
  },
  {
    form: cases.searchForm as never,
    field: 'search',
    wrong: { search: 'Mirela Shehu' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const number = `F1${next().padStart(9, '0')}`
      // The page that follows is read again by a form that is sent again.
      const done = counts(
        portal,
        `(select distinct details from audit_events where action = 'requests.searched') e where details ->> 'search' = $1`,
        number,
      )
      return { customer, path: '/staff/requests', right: { search: number }, done }
    },
  },
  {
    form: counter.recogniseForm as never,
    field: 'seenInPerson',
    wrong: {
      identifier: 'n'.repeat(300),
      biller: '',
      contractCode: 'c'.repeat(50),
      identityDocument: '',
      documentEnding: '123456789',
    },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const { one, code, id } = await customerOf(portal)
      const right = {
        identifier: one.phone,
        biller: 'kesco',
        contractCode: code,
        identityDocument: 'passport',
        documentEnding: '48ab',
        seenInPerson: 'on',
      }
      const done = counts(
        portal,
        `audit_events where action = 'holder.recognised' and subject = 'contract:' || $1`,
        String(id),
      )
      return { customer, path: '/staff/counter', right, done }
    },
  },
  {
    form: cases.withdrawalForm as never,
    field: 'note',
    wrong: { identifier: 'n'.repeat(300), biller: '', contractCode: 'c'.repeat(50), note: 'n'.repeat(1100) },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const { one, code } = await customerOf(portal, true)
      const right = { identifier: one.username, biller: 'kesco', contractCode: code, note: 'Not the holder.' }
      const done = counts(portal, `cases where kind = 'withdrawal' and account_id = $1`, one.id)
      return { customer, path: '/staff/counter/withdraw', right, done }
    },
  },
  {
    form: counter.unlockForm as never,
    field: 'checkedBy',
    wrong: { identifier: 'n'.repeat(300), checkedBy: '', documentEnding: '123456789' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const { one } = await customerOf(portal)
      const right = { identifier: one.email, checkedBy: 'identityCard', documentEnding: '4821' }
      const done = counts(
        portal,
        `audit_events where action = 'account.unlocked' and subject = 'account:' || $1`,
        one.id,
      )
      return { customer, path: '/staff/counter/unlock', right, done }
    },
  },
]
