// The forms of two-factor: setting it up, its recovery codes, and its code at sign-in.
import * as codes from '../../lib/accounts/code-forms.ts'
import * as auth from '../../lib/auth/forms.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import { Customer } from './customer.ts'
import { codeFor, counts, PASSWORD, type Row, signedIn } from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'

type Username = 'operator' | 'supervisor' | 'admin'

const speakEnglish = ({ databaseUrl }: Portal, username: Username) =>
  rows(databaseUrl, `update accounts set language = 'en' where username = $1`, [username])

/** At the code of the app; the demonstration sends staff theirs by e-mail. */
async function atTheCode(portal: Portal, url: string, username: Username = 'operator') {
  await speakEnglish(portal, username)
  const customer = new Customer(url)
  await customer.submit(await customer.get('/sign-in'), 'identifier', {
    identifier: username,
    password: PASSWORD,
  })
  const account = `(select id from accounts where username = '${username}')`
  return { customer, path: '/sign-in/code', done: await more(portal, account) }
}

/** Counts the sessions of an account (SQL) that began from now on. */
async function more(portal: Portal, account: string) {
  const sessions = counts(portal, `sessions where account_id = ${account} and $1 <> ''`, 'x')
  const before = await sessions()
  return async () => (await sessions()) - before
}

/** Signed in once a portal: codes are few an hour. */
const signedInStaff = new Map<string, Promise<Customer>>()
export async function staffMember(portal: Portal, url: string, username: Username): Promise<Customer> {
  await speakEnglish(portal, username)
  const key = `${username} ${portal.url}`
  const known = signedInStaff.get(key)
  if (known)
    return known.then(({ cookies }) => Object.assign(new Customer(url), { cookies: new Map(cookies) }))
  const made = atTheCode(portal, url, username).then(async ({ customer, path }) => {
    const code = await codeFor(customer, `${username}@example.com`)
    await customer.submit(await customer.get(path), 'code', { code })
    return customer
  })
  signedInStaff.set(key, made)
  return made
}

/** Signed in, with a key of an app that is not confirmed yet. */
async function withApp(portal: Portal, url: string) {
  const one = await signedIn(portal, url)
  const page = await one.customer.get('/account/second-step')
  const begun = await one.customer.submit(page, 'shown', {})
  const secret = /\b([A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7})\b/.exec(begun.html)![1]!.replaceAll(' ', '')
  return { ...one, path: '/account/second-step', code: codeAt(secret, new Date()), begun }
}

/** Before the recovery codes, which are shown once. */
async function withCodes(portal: Portal, url: string) {
  const { begun, code, ...one } = await withApp(portal, url)
  const { html } = await one.customer.submit(begun, 'code', { code })
  const recoveryCodes = [...html.matchAll(/<li[^>]*>([a-z2-9]{5}-[a-z2-9]{5})<\/li>/g)].map(
    ([, found]) => found!,
  )
  return { ...one, recoveryCodes }
}

export const FORMS_OF_TWO_FACTOR: Row[] = [
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
      const { code, begun: _, ...one } = await withApp(portal, url)
      const done = counts(
        portal,
        'second_steps where confirmed_at is not null and account_id = $1',
        one.person.id,
      )
      return { ...one, right: { code }, done }
    },
  },
  {
    form: auth.codesKeptForm as never,
    field: 'shown',
    ofSession: true,
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      const areShown = async () =>
        (await one.customer.get(one.path)).html.includes(`>${one.recoveryCodes[0]}</li>`)
      return { ...one, right: {}, done: async () => Number(!(await areShown())) }
    },
  },
  {
    form: auth.changeTwoFactorForm as never,
    field: 'currentPassword',
    wrong: { currentPassword: 'p'.repeat(200), code: '', intent: 'renew' },
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      await one.customer.submit(await one.customer.get(one.path), 'shown', {})
      const right = { intent: 'renew', currentPassword: PASSWORD, code: one.recoveryCodes.pop()! }
      const done = counts(
        portal,
        `audit_events where action = 'second-step.codes-renewed' and account_id = $1`,
        one.person.id,
      )
      return { ...one, right, done }
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
    form: codes.recoveryCodeForm as never,
    field: 'recoveryCode',
    wrong: { recoveryCode: 'r'.repeat(40) },
    ready: async (portal, url) => {
      const { person, recoveryCodes } = await withCodes(portal, url)
      const customer = new Customer(url)
      const typed = { identifier: person.username, password: PASSWORD }
      await customer.submit(await customer.get('/sign-in'), 'identifier', typed)
      const right = { recoveryCode: recoveryCodes[0] }
      return { customer, path: '/sign-in/code', right, done: await more(portal, `'${person.id}'`) }
    },
  },
]
