// The forms of a contract's holder: about somebody else who has it, about moving out, and about what was found in its bills.
import { findingForm } from '../../lib/billing/forms.ts'
import * as contracts from '../../lib/contracts/forms.ts'
import { addDays, dayIn } from '../../lib/platform/dates.ts'
import { contract, counts, type Person, person, type Row, signedIn } from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'

const inDays = (days: number) => addDays(dayIn('Europe/Belgrade', new Date()), days)

/** Somebody signed in, and the code of a contract whose holder they are. */
async function holder(portal: Portal, url: string) {
  const one = await signedIn(portal, url)
  const code = await contract(portal, one.person)
  await rows(
    portal.databaseUrl,
    `update contracts c set holder_personal_number = a.personal_number, holder_name_folded = a.name_folded,
       phone = a.phone from accounts a where c.code = $1 and a.id = $2`,
    [code, one.person.id],
  )
  return { ...one, code }
}

const written = (portal: Portal, action: string, { id }: Person) =>
  counts(portal, `audit_events where action = '${action}' and account_id = $1`, id)

export const FORMS_CONTRACTS: Row[] = [
  {
    form: contracts.accessForm as never,
    field: 'level',
    wrong: { until: 'soon', intent: 'save' },
    ready: async (portal, url) => {
      const { code, ...one } = await holder(portal, url)
      const other = await person(portal)
      await rows(
        portal.databaseUrl,
        `insert into contract_access (account_id, contract_id, level) select $1, id, 'amounts' from contracts where code = $2`,
        [other.id, code],
      )
      return {
        ...one,
        path: `/contracts/kesco/${code}/access`,
        right: { level: 'approved', until: inDays(30), intent: 'save' },
        done: written(portal, 'access.approved', one.person),
      }
    },
  },
  {
    form: contracts.handoverForm as never,
    field: 'movesOutOn',
    wrong: { movesOutOn: 'soon' },
    ready: async (portal, url) => {
      const { code, ...one } = await holder(portal, url)
      // It changes nothing: of answers that were kept there is one more, beside those that signed somebody in.
      const done = async () => {
        const text = `select (select count(*) from form_answers where outcome = 'done') - (select count(*) from sessions) as n`
        return Number((await rows<{ n: string }>(portal.databaseUrl, text))[0]!.n)
      }
      const before = await done()
      return {
        ...one,
        path: `/contracts/kesco/${code}/handover`,
        right: { movesOutOn: inDays(10) },
        done: async () => (await done()) - before,
      }
    },
  },
  {
    form: contracts.confirmHandoverForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { code, ...one } = await holder(portal, url)
      return {
        ...one,
        path: `/contracts/kesco/${code}/handover?on=${inDays(10)}`,
        right: {},
        done: written(portal, 'handover.named', one.person),
      }
    },
  },
  {
    form: contracts.undoHandoverForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { code, ...one } = await holder(portal, url)
      await rows(
        portal.databaseUrl,
        `update contract_access set until_on = $1::date, handover_at = now() + interval '9 days' where account_id = $2`,
        [inDays(9), one.person.id],
      )
      return {
        ...one,
        path: `/contracts/kesco/${code}/handover`,
        right: {},
        done: written(portal, 'handover.undone', one.person),
      }
    },
  },
  {
    form: findingForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const { code, ...one } = await holder(portal, url)
      // The first bill is unpaid, and one that was due later is paid.
      await rows(
        portal.databaseUrl,
        `with i as (insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, principal, tv_tax, total)
           select biller_id, id, $1 || '-2', '2024-01-01', '2024-02-10', '2024-02-29', 4000, 0, 4000 from contracts where code = $1
           returning id, biller_id, contract_id),
         p as (insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
           select biller_id, contract_id, $1, '2024-02-20', 4000, 'CASH', 'kiosk' from i returning id)
         insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
         select p.id, i.id, i.contract_id, 0, 4000, 0 from p, i`,
        [code],
      )
      return {
        ...one,
        path: `/contracts/kesco/${code}/history`,
        right: { intent: 'dismiss' },
        done: counts(portal, 'dismissed_findings where account_id = $1', one.person.id),
      }
    },
  },
]
