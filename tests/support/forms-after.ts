// The forms that something comes before: a code or a link that was sent, two-factor, a bill on paper, a case.
import * as codes from '../../lib/accounts/code-forms.ts'
import * as accounts from '../../lib/accounts/forms.ts'
import * as auth from '../../lib/auth/forms.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import * as cases from '../../lib/cases/forms.ts'
import * as contracts from '../../lib/contracts/forms.ts'
import { addCase } from './cases.ts'
import { Customer } from './customer.ts'
import {
  codeFor,
  contract,
  counts,
  linkFor,
  next,
  PASSWORD,
  person,
  type Row,
  registration,
  signedIn,
} from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'

const passwords = { newPassword: 'Korrik-1912', newPasswordConfirm: 'Korrik-1912' }

/** Somebody who forgot their password, at the page for the code; a link is sent to their e-mail address instead where it is known. */
async function forgetful(portal: Portal, url: string) {
  const one = await person(portal)
  const customer = new Customer(url)
  await customer.submit(await customer.get('/forgot-password'), 'identifier', { identifier: one.username })
  return { customer, one }
}

/** At the code of the app; the demonstration sends staff theirs by e-mail. */
async function atTheCode(portal: Portal, url: string) {
  await rows(portal.databaseUrl, `update accounts set language = 'en' where username = 'operator'`)
  const customer = new Customer(url)
  await customer.submit(await customer.get('/sign-in'), 'identifier', {
    identifier: 'operator',
    password: PASSWORD,
  })
  const operator = `(select id from accounts where username = 'operator')`
  const sessions = counts(portal, `sessions where account_id = ${operator} and $1 <> ''`, 'x')
  const before = await sessions()
  return { customer, path: '/sign-in/code', done: async () => (await sessions()) - before }
}

/** Signed in once a portal: codes are few an hour. */
const operators = new Map<string, Promise<Customer>>()
function operator(portal: Portal, url: string): Promise<Customer> {
  const known = operators.get(portal.url)
  if (known)
    return known.then(({ cookies }) => Object.assign(new Customer(url), { cookies: new Map(cookies) }))
  const made = atTheCode(portal, url).then(async ({ customer, path }) => {
    const code = await codeFor(customer, 'operator@example.com')
    await customer.submit(await customer.get(path), 'code', { code })
    return customer
  })
  operators.set(portal.url, made)
  return made
}

/** Signed in, with a key of an app that is not confirmed yet; `confirmed`: with recovery codes before them. */
async function withApp(portal: Portal, url: string) {
  const one = await signedIn(portal, url)
  const page = await one.customer.get('/account/second-step')
  const begun = await one.customer.submit(page, 'shown', {})
  const secret = /\b([A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7})\b/.exec(begun.html)![1]!.replaceAll(' ', '')
  const done = (where: string) =>
    counts(portal, `second_steps where ${where} and account_id = $1`, one.person.id)
  return { ...one, path: '/account/second-step', code: codeAt(secret, new Date()), done }
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
    form: codes.signInCodeForm as never,
    field: 'code',
    wrong: { code: '12' },
    ready: async (portal, url) => {
      const begun = await atTheCode(portal, url)
      return { ...begun, right: { code: await codeFor(begun.customer, 'operator@example.com') } }
    },
  },
  {
    form: auth.setUpTwoFactorForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const done = counts(portal, 'second_steps where account_id = $1', one.person.id)
      return { ...one, path: '/account/second-step', right: {}, done }
    },
  },
  {
    form: auth.finishTwoFactorForm as never,
    field: 'code',
    wrong: { code: '12' },
    ready: async (portal, url) => {
      const { code, done, ...one } = await withApp(portal, url)
      return { ...one, right: { code }, done: done('confirmed_at is not null') }
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
    field: 'intent',
    ready: async (portal, url) => {
      const customer = await operator(portal, url)
      const query = (text: string, values: unknown[]) => rows(portal.databaseUrl, text, values)
      const [disputed] = await rows<{ biller_id: number; contract_id: number }>(
        portal.databaseUrl,
        'select biller_id, id as contract_id from contracts where code = $1',
        [await contract(portal)],
      )
      const id = await addCase(query, {
        ...disputed!,
        email: `c${next()}@example.com`,
        answers: { personalNumber: 'J00101999W', phone: '+355682000001', firstName: 'A', lastName: 'B' },
      })
      const done = counts(portal, `case_events where move = 'take' and case_id = $1`, id)
      return { customer, path: `/staff/registrations/${id}`, right: { intent: 'take' }, done }
    },
  },
]
