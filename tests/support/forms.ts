// Every form of the portal: where it stands, who sees it, what it takes, and what must have become of it. Long: it is a table.
import * as codes from '../../lib/accounts/code-forms.ts'
import * as accounts from '../../lib/accounts/forms.ts'
import * as audit from '../../lib/audit/forms.ts'
import * as auth from '../../lib/auth/forms.ts'
import * as cases from '../../lib/cases/forms.ts'
import * as certificates from '../../lib/certificates/forms.ts'
import * as contracts from '../../lib/contracts/forms.ts'
import * as counter from '../../lib/counter/forms.ts'
import type { Form as Definition, Fields } from '../../lib/forms/form.ts'
import * as looks from '../../lib/looks/forms.ts'
import * as maintenance from '../../lib/maintenance/forms.ts'
import * as notices from '../../lib/notifications/forms.ts'
import * as payments from '../../lib/payments/forms.ts'
import * as tariffs from '../../lib/tariffs/forms.ts'
import { Customer } from './customer.ts'
import { pdf } from './files.ts'
import {
  codeFor,
  contract,
  counts,
  next,
  PASSWORD,
  person,
  type Row,
  registration,
  signedIn,
} from './form-people.ts'
import { FORMS_AFTER } from './forms-after.ts'
import { FORMS_OF_CERTIFICATES } from './forms-certificates.ts'
import { FORMS_CONTRACTS } from './forms-contracts.ts'
import { FORMS_OF_LOOKS } from './forms-looks.ts'
import { FORMS_OF_PAY_LINKS } from './forms-pay-links.ts'
import { FORMS_OF_PAYMENT_DESK } from './forms-payment-desk.ts'
import { FORMS_OF_READINGS } from './forms-readings.ts'
import { FORMS_OF_REQUESTS } from './forms-requests.ts'
import { FORMS_OF_STAFF } from './forms-staff.ts'
import { FORMS_OF_TWO_FACTOR } from './forms-two-factor.ts'
import { rows } from './portal-process.ts'

const change = (field: 'email' | 'phone', form: Definition<Fields>): Row => ({
  form,
  field,
  wrong: { [field]: 'x' },
  ready: async (portal, url) => {
    const one = await signedIn(portal, url)
    const value = field === 'email' ? `new${next()}@example.com` : `+38345${next().slice(-6)}`
    const done = counts(portal, `messages where kind like 'contact-code%' and account_id = $1`, one.person.id)
    return { ...one, path: '/account/contact', right: { [field]: value }, done }
  },
})

export const FORMS: Row[] = [
  {
    form: accounts.signInForm as never,
    field: 'identifier',
    wrong: { identifier: 'n'.repeat(300), password: 'p'.repeat(200) },
    ready: async (portal, url) => {
      const one = await person(portal)
      return {
        customer: new Customer(url),
        path: '/sign-in?to=/account',
        right: { identifier: one.username, password: PASSWORD },
        done: counts(portal, 'sessions where account_id = $1', one.id),
      }
    },
  },
  {
    form: accounts.registerForm as never,
    field: 'acceptTerms',
    wrong: {
      biller: '',
      contractCode: 'c'.repeat(50),
      firstName: 'http://x',
      lastName: '<b>',
      personalNumber: '12',
      phone: '12',
      email: 'x',
      username: '1x',
      password: 'a',
      passwordConfirm: 'b',
    },
    ready: async (portal, url) => {
      const right = await registration(portal)
      const done = counts(portal, 'registrations where username = $1', right.username)
      return { customer: new Customer(url), path: '/register', right, done }
    },
  },
  {
    form: codes.verifyForm as never,
    field: 'code',
    wrong: { code: '12' },
    ready: async (portal, url) => {
      const customer = new Customer(url)
      const right = await registration(portal)
      await customer.submit(await customer.get('/register'), 'acceptTerms', right)
      const code = await codeFor(customer, `+383${right.phone.slice(1)}`)
      const done = counts(portal, 'accounts where username = $1', right.username)
      return { customer, path: '/register/verify', right: { code }, done }
    },
  },
  {
    form: codes.forgotPasswordForm as never,
    field: 'identifier',
    wrong: { identifier: 'n'.repeat(300) },
    ready: async (portal, url) => {
      const one = await person(portal)
      const done = counts(portal, `messages where kind like '%reset%' and account_id = $1`, one.id)
      const customer = new Customer(url)
      return { customer, path: '/forgot-password', right: { identifier: one.username }, done }
    },
  },
  {
    form: cases.disputeForm as never,
    field: 'note',
    wrong: {
      biller: '',
      contractCode: 'c'.repeat(50),
      firstName: 'http://x',
      lastName: '<b>',
      personalNumber: '12',
      phone: '12',
      email: 'x',
      note: `${'ë'.repeat(1100)}`,
    },
    ready: async (portal, url) => {
      const { firstName, lastName, personalNumber, phone, email } = await registration(portal)
      const right = {
        ...{ biller: 'kesco', contractCode: await contract(portal), confirmPersonalNumber: 'on' },
        ...{ firstName, lastName, personalNumber, phone, email, note: 'Që nga viti 2019.' },
        documents: [new File([pdf], 'a.pdf', { type: 'application/pdf' })],
      }
      const done = counts(portal, `cases where kind = 'dispute' and answers->>'email' = $1`, email)
      return { customer: new Customer(url), path: '/register/dispute', right, done }
    },
  },
  {
    form: cases.businessForm as never,
    field: 'businessName',
    wrong: { biller: '', nipt: '12', businessName: 'b'.repeat(200), legalRepresentative: 'l'.repeat(200) },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const right = {
        ...{
          biller: 'kesco',
          nipt: `81${next()}`,
          confirmNipt: 'on',
          businessName: 'Dielli',
          legalRepresentative: 'A. B.',
        },
        documents: [new File([pdf], 'a.pdf', { type: 'application/pdf' })],
      }
      const done = counts(portal, `cases where kind = 'business' and account_id = $1`, one.person.id)
      return { ...one, path: '/account/business', right, done }
    },
  },
  {
    form: contracts.addContractForm as never,
    field: 'alias',
    wrong: {
      biller: '',
      contractCode: 'c'.repeat(50),
      firstName: 'f'.repeat(70),
      lastName: 'l'.repeat(70),
      alias: 'a'.repeat(800),
    },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const right = {
        biller: 'kesco',
        contractCode: await contract(portal),
        firstName: 'Arta',
        lastName: 'Berisha',
        alias: 'Shtëpia',
      }
      const done = counts(
        portal,
        `audit_events where action = 'contract.added' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: '/contracts/add', right, done }
    },
  },
  {
    form: contracts.nameForm as never,
    field: 'alias',
    wrong: { alias: 'a'.repeat(800) },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      await contract(portal, one.person)
      const alias = `Home ${next()}`
      const done = counts(portal, `contract_access where alias = $1`, alias)
      return { ...one, path: '/contracts/manage', right: { alias }, done }
    },
  },
  {
    form: contracts.removeForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      await contract(portal, one.person)
      const code = await contract(portal, one.person)
      const done = counts(
        portal,
        `audit_events where action = 'contract.removed' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: `/contracts/kesco/${code}/remove`, right: {}, done }
    },
  },
  {
    form: contracts.restoreForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const code = await contract(portal, one.person)
      await rows(
        portal.databaseUrl,
        `update contract_access set removed_at = now() where account_id = $1
         and contract_id = (select id from contracts where code = $2)`,
        [one.person.id, code],
      )
      const done = counts(
        portal,
        `audit_events where action = 'contract.restored' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: '/contracts/manage', right: {}, done }
    },
  },
  {
    form: payments.payForm as never,
    field: 'invoices',
    wrong: { totals: 'x', intent: 'pay' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const path = `/contracts/kesco/${await contract(portal, one.person)}/pay`
      const done = counts(portal, 'payment_attempts where account_id = $1', one.person.id)
      return { ...one, path, right: { intent: 'pay' }, done }
    },
  },
  {
    form: payments.payPartForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const path = `/contracts/kesco/${await contract(portal, one.person)}/pay?part&amount=20`
      const done = counts(portal, 'payment_attempts where account_id = $1', one.person.id)
      return { ...one, path, right: {}, done }
    },
  },
  change('email', accounts.emailChangeForm as never),
  change('phone', accounts.phoneChangeForm as never),
  {
    form: accounts.changePasswordForm as never,
    field: 'newPassword',
    wrong: { username: '1', currentPassword: 'p'.repeat(200), newPassword: 'a', newPasswordConfirm: 'b' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const right = {
        username: one.person.username,
        currentPassword: PASSWORD,
        newPassword: 'Korrik-1912',
        newPasswordConfirm: 'Korrik-1912',
      }
      const done = counts(
        portal,
        `audit_events where action = 'password.changed' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: '/account/password', right, done }
    },
  },
  {
    form: accounts.noticeChoicesForm as never,
    field: 'statementDay',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const done = counts(
        portal,
        `accounts a join notice_choices c on c.account_id = a.id and c.kind = 'overdue' and c.sms
         where a.statement_day = 25 and a.id = $1`,
        one.person.id,
      )
      const right = { overdue: ['sms'], statementDay: '25', intent: 'save' }
      return { ...one, path: '/account/notices', right, done }
    },
  },
  {
    form: notices.inboxForm as never,
    field: 'notices',
    wrong: { intent: 'archive' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const [notice] = await rows<{ id: string }>(
        portal.databaseUrl,
        `insert into notices (account_id, kind, key, handed_over_at) values ($1, 'password-changed', 'x', now()) returning id`,
        [one.person.id],
      )
      const done = counts(portal, 'notices where archived_at is not null and account_id = $1', one.person.id)
      return { ...one, path: '/inbox', right: { notices: [notice!.id], intent: 'archive' }, done }
    },
  },
  {
    form: accounts.copyForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const done = counts(portal, 'own_data_exports where account_id = $1', one.person.id)
      return { ...one, path: '/account/data', right: {}, done }
    },
  },
  {
    form: accounts.deleteAccountForm as never,
    field: 'username',
    wrong: { username: '1', currentPassword: 'p'.repeat(200) },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const right = { username: one.person.username, currentPassword: PASSWORD }
      const done = counts(portal, 'accounts where closed_at is not null and id = $1', one.person.id)
      return { ...one, path: '/account/data/delete', right, done }
    },
  },
  {
    form: accounts.contactCodeForm as never,
    field: 'code',
    wrong: { code: '12' },
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const email = `code${next()}@example.com`
      const page = await one.customer.get('/account/contact')
      await one.customer.submit(page, 'email', { email })
      const right = { code: await codeFor(one.customer, email) }
      return {
        ...one,
        path: '/account/contact',
        right,
        done: counts(portal, 'accounts where email = $1', email),
      }
    },
  },
  {
    form: payments.cancelForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      const page = await one.customer.get(`/contracts/kesco/${await contract(portal, one.person)}/pay`)
      await one.customer.submit(page, 'invoices', { intent: 'pay' }, { follow: false })
      const begun = 'select id from payment_attempts where account_id = $1'
      const [made] = await rows<{ id: string }>(portal.databaseUrl, begun, [one.person.id])
      const done = counts(
        portal,
        `payment_attempts where state = 'cancelled' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: `/payments/${made!.id}`, right: {}, done }
    },
  },
  {
    form: auth.endSessionsForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const one = await signedIn(portal, url)
      await rows(
        portal.databaseUrl,
        `insert into sessions (account_id, expires_at) values ($1, now() + interval '1 day')`,
        [one.person.id],
      )
      const done = counts(
        portal,
        `sessions where user_agent is null and revoked_at is not null and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: '/account/sessions', right: {}, done }
    },
  },
  ...FORMS_AFTER,
  ...FORMS_CONTRACTS,
  ...FORMS_OF_PAY_LINKS,
  ...FORMS_OF_READINGS,
  ...FORMS_OF_REQUESTS,
  ...FORMS_OF_CERTIFICATES,
  ...FORMS_OF_LOOKS,
  ...FORMS_OF_TWO_FACTOR,
  ...FORMS_OF_PAYMENT_DESK,
  ...FORMS_OF_STAFF,
]

/** The forms that areas declare. */
export const DECLARED: Definition<Fields>[] = [
  accounts,
  audit,
  auth,
  cases,
  certificates,
  codes,
  contracts,
  counter,
  looks,
  maintenance,
  payments,
  tariffs,
]
  .flatMap(area => Object.values(area) as never[])
  // An area may export lists of what may be chosen besides.
  .filter(one => 'fields' in one)
