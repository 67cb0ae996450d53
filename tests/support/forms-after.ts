// The forms that something comes before: a code or a link that was sent, a bill on paper, somebody else, a case.
import * as codes from '../../lib/accounts/code-forms.ts'
import * as accounts from '../../lib/accounts/forms.ts'
import * as cases from '../../lib/cases/forms.ts'
import * as contracts from '../../lib/contracts/forms.ts'
import { addCase } from './cases.ts'
import { Customer } from './customer.ts'
import { pdf } from './files.ts'
import {
  codeFor,
  contract,
  counts,
  linkFor,
  next,
  person,
  type Row,
  registration,
  signedIn,
} from './form-people.ts'
import { staffMember } from './forms-two-factor.ts'
import { type Portal, rows } from './portal-process.ts'

const passwords = { newPassword: 'Korrik-1912', newPasswordConfirm: 'Korrik-1912' }

/** Somebody who forgot their password, at the page for the code; a link is sent to their e-mail address instead where it is known. */
async function forgetful(portal: Portal, url: string, by: 'username' | 'phone' = 'username') {
  const one = await person(portal)
  const customer = new Customer(url)
  await customer.submit(await customer.get('/forgot-password'), 'identifier', { identifier: one[by] })
  return { customer, one }
}

/** A request of somebody's, as staff's page of it. */
async function requestForStaff(portal: Portal): Promise<string> {
  const query = (text: string, values: unknown[]) => rows(portal.databaseUrl, text, values)
  const one = await person(portal)
  const [of] = await rows<{ biller_id: number; contract_id: number }>(
    portal.databaseUrl,
    'select biller_id, id as contract_id from contracts where code = $1',
    [await contract(portal)],
  )
  const request = { kind: 'C4', queue: 'requests', account_id: one.id, number: `C400${next()}` }
  return `/staff/requests/${await addCase(query, { ...of!, ...request })}`
}

export const FORMS_AFTER: Row[] = [
  {
    form: contracts.meterProofForm as never,
    field: 'meterNumber',
    wrong: { meterNumber: 'm'.repeat(300), currentReading: 'x' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const code = await contract(portal, one.person, 'amounts')
      await rows(
        portal.databaseUrl,
        `with c as (update contracts set meter_number = 'M-77' where code = $1 returning id)
         update invoices i set current_reading = 4321 from c where i.contract_id = c.id`,
        [code],
      )
      const done = counts(
        portal,
        `contract_access where level <> 'amounts' and account_id = $1`,
        one.person.id,
      )
      return {
        ...one,
        path: `/contracts/kesco/${code}/pay`,
        right: { meterNumber: 'm-77', currentReading: '4321' },
        done,
      }
    },
  },
  {
    form: accounts.resendVerificationForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url, { verified: false })
      const done = counts(portal, `messages where kind = 'verify-email' and account_id = $1`, one.person.id)
      return { ...one, path: '/account/contact', right: {}, done }
    },
  },
  {
    form: codes.verifyEmailForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url, { verified: false })
      await one.customer.submit(await one.customer.get('/account/contact'), 'shown', {})
      const path = await linkFor(one.customer, one.person.email, '/account/contact/verify/')
      const done = counts(portal, 'accounts where email_verified_at is not null and id = $1', one.person.id)
      return { ...one, path, right: {}, done }
    },
  },
  {
    form: codes.resetPasswordForm as never,
    field: 'newPassword',
    wrong: { newPassword: 'a', newPasswordConfirm: 'b' },
    ready: async (portal, url) => {
      const { customer, one } = await forgetful(portal, url)
      const path = await linkFor(customer, one.email, '/reset-password/')
      const done = counts(portal, `messages where kind = 'password-changed' and account_id = $1`, one.id)
      return { customer, path, right: passwords, done }
    },
  },
  {
    form: contracts.numberProofForm as never,
    field: 'invoiceNumber',
    wrong: { invoiceNumber: 'n'.repeat(80), invoiceTotal: 'x' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const code = await contract(portal, one.person, 'amounts', 'albtelecom')
      const done = counts(
        portal,
        `contract_access where level <> 'amounts' and account_id = $1`,
        one.person.id,
      )
      return {
        ...one,
        path: `/contracts/albtelecom/${code}/pay`,
        right: { invoiceNumber: `${code}-1`, invoiceTotal: '50,00' },
        done,
      }
    },
  },
  {
    form: cases.requestForm as never,
    field: 'note',
    wrong: { currentReading: 'x', meterNumber: 'm'.repeat(40), note: 'n'.repeat(2100), intent: 'send' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const code = await contract(portal, one.person)
      return {
        ...one,
        path: `/contracts/kesco/${code}/requests/new?type=F&kind=F1`,
        right: { currentReading: '4321', meterNumber: 'M-1', note: 'It shows less.', intent: 'send' },
        done: counts(portal, "cases where kind = 'F1' and account_id = $1", one.person.id),
      }
    },
  },
  {
    form: cases.discardForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const code = await contract(portal, one.person)
      await rows(
        portal.databaseUrl,
        `insert into case_drafts (account_id, contract_id, kind, typed, saved_at)
         select $1, id, 'F1', '{"note": "It shows"}', now() from contracts where code = $2`,
        [one.person.id, code],
      )
      const kept = counts(portal, 'case_drafts where account_id = $1', one.person.id)
      const path = `/contracts/kesco/${code}/requests/new`
      return { ...one, path, right: {}, done: async () => 1 - (await kept()) }
    },
  },
  {
    form: cases.withdrawForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const query = (text: string, values: unknown[]) => rows(portal.databaseUrl, text, values)
      const [kesco] = await rows<{ id: number }>(
        portal.databaseUrl,
        `select id from billers where code = 'kesco'`,
      )
      const number = `81${next()}`
      const id = await addCase(query, {
        ...{
          kind: 'business',
          biller_id: kesco!.id,
          account_id: one.person.id,
          title: 'Dielli',
          about: number,
        },
        ...{ unique_as: number, answers: { legalRepresentative: 'A. B.' } },
      })
      const done = counts(portal, `case_events where move = 'withdraw' and case_id = $1`, id)
      return { ...one, path: '/account/business', right: {}, done }
    },
  },
  {
    form: codes.resetCodeForm as never,
    field: 'code',
    wrong: { code: '12' },
    ready: async (portal, url) => {
      const { customer, one } = await forgetful(portal, url, 'phone')
      const done = counts(portal, `one_time_codes where purpose = 'reset-link' and account_id = $1`, one.id)
      const right = { code: await codeFor(customer, one.phone) }
      return { customer, path: '/forgot-password?sent', right, done }
    },
  },
  {
    form: codes.undoContactForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { customer, person: one } = await signedIn(portal, url)
      const email = `undo${next()}@example.com`
      const asked = await customer.submit(await customer.get('/account/contact'), 'email', { email })
      await customer.submit(asked, 'code', { code: await codeFor(customer, email) })
      const path = await linkFor(customer, one.email, '/account/contact/undo/')
      const done = counts(
        portal,
        `audit_events where action = 'email.change-undone' and account_id = $1`,
        one.id,
      )
      return { customer: new Customer(url), path, right: {}, done }
    },
  },
  {
    form: codes.resendCodeForm as never,
    field: 'phone',
    wrong: { phone: '12' },
    ready: async (portal, url) => {
      const customer = new Customer(url)
      const typed = await registration(portal)
      await customer.submit(await customer.get('/register'), 'acceptTerms', typed)
      const { databaseUrl } = portal
      // A minute has to go by before another is sent.
      await rows(databaseUrl, `update one_time_codes set created_at = created_at - interval '2 minutes'`)
      const sent = counts(portal, `messages where kind = 'registration-code' and $1 <> ''`, 'x')
      const before = await sent()
      const right = { phone: `045${next().slice(-6)}` }
      return { customer, path: '/register/verify', right, done: async () => (await sent()) - before }
    },
  },
  {
    form: cases.moveForm as never,
    field: 'documents',
    wrong: { note: 'n'.repeat(1100), intent: 'reply' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const path = await requestForStaff(portal)
      const done = counts(
        portal,
        `case_events e join documents d on d.case_id = e.case_id and d.case_event = e.number
         where e.move = 'reply' and e.case_id = $1`,
        path.split('/').at(-1)!,
      )
      const documents = [new File([pdf], 'a.pdf', { type: 'application/pdf' })]
      return { customer, path, right: { note: 'We look into it.', documents, intent: 'reply' }, done }
    },
  },
  {
    form: cases.unmaskForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const path = await requestForStaff(portal)
      const done = counts(
        portal,
        `audit_events where action = 'case.unmasked' and subject = 'case:' || $1`,
        path.split('/').at(-1)!,
      )
      return { customer, path, right: {}, done }
    },
  },
  {
    form: cases.addDayOffForm as never,
    field: 'on',
    wrong: { on: 'tomorrow', name: 'n'.repeat(200), source: 's'.repeat(200) },
    ready: async (portal, url) => {
      const { customer, year, path } = await newYear(portal, url)
      const right = { on: `04.05.${year}`, name: 'A day', source: 'A law' }
      return {
        customer,
        path,
        right,
        done: counts(portal, 'days_off where "on" = $1::date', `${year}-05-04`),
      }
    },
  },
  {
    form: cases.changeDaysOffForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const { customer, year, path } = await newYear(portal, url)
      await rows(
        portal.databaseUrl,
        `with sure as (insert into days_off_years (country, year, changes, confirmed_by, confirmed_at)
           select 'AL', $1, 0, id, now() from accounts where username = 'supervisor')
         insert into days_off (country, "on", name, source) values ('AL', make_date($1, 5, 4), 'A day', 'A law')`,
        [year],
      )
      const done = counts(
        portal,
        `audit_events where action = 'dayOff.removed' and details ->> 'year' = $1`,
        String(year),
      )
      return { customer, path, right: { intent: 'remove' }, done }
    },
  },
]

let year = 2030
/** Of which nobody knows a day off yet. */
async function newYear(portal: Portal, url: string) {
  year += 1
  const customer = await staffMember(portal, url, 'supervisor')
  return { customer, year, path: `/staff/days-off?country=AL&year=${year}` }
}
