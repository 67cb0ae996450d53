// The forms of two-factor: setting it up, its recovery codes, and its code at sign-in.
import * as codes from '../../lib/accounts/code-forms.ts'
import * as auth from '../../lib/auth/forms.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import { Authenticator } from './authenticator.ts'
import { Customer, type Page } from './customer.ts'
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
  {
    form: auth.allowPasskeyForm as never,
    field: 'currentPassword',
    wrong: { currentPassword: 'p'.repeat(200), code: '' },
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      await one.customer.submit(await one.customer.get(one.path), 'shown', {})
      const path = '/account/second-step/passkey'
      const right = { currentPassword: PASSWORD, code: one.recoveryCodes.pop()! }
      const isAllowed = async () => (await one.customer.get(path)).html.includes('name="response"')
      return { ...one, path, right, done: async () => Number(await isAllowed()) }
    },
  },
  {
    form: auth.addPasskeyForm as never,
    field: 'response',
    wrong: { name: 'n'.repeat(61), response: '' },
    ofSession: true,
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      const { page, authenticator } = await toPasskey(portal, one)
      const right = answering(one.customer, page, challenge => authenticator.create(challenge))
      const done = counts(portal, 'passkeys where account_id = $1', one.person.id)
      return { ...one, path: page.path, right: Object.assign(right, { name: 'Phone' }), done }
    },
  },
  {
    form: auth.removePasskeyForm as never,
    field: 'passkey',
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      await one.customer.submit(await one.customer.get(one.path), 'shown', {})
      await withPasskey(portal, one)
      const kept = counts(portal, 'passkeys where account_id = $1', one.person.id)
      return { ...one, right: {}, done: async () => 1 - (await kept()) }
    },
  },
  {
    form: codes.signInPasskeyForm as never,
    field: 'response',
    wrong: { response: '' },
    ready: async (portal, url) => {
      const one = await withCodes(portal, url)
      const authenticator = await withPasskey(portal, one)
      const customer = new Customer(url)
      const typed = { identifier: one.person.username, password: PASSWORD }
      const page = await customer.submit(await customer.get('/sign-in'), 'identifier', typed)
      const right = answering(customer, page, challenge => authenticator.get(challenge))
      return { customer, path: '/sign-in/code', right, done: await more(portal, `'${one.person.id}'`) }
    },
  },
]

type WithCodes = Awaited<ReturnType<typeof withCodes>>

/** In what the page tells its script; each page has another. */
const challengeOf = (html: string) => /challenge\\*":\\*"([\w-]{43})/.exec(html)?.[1] as string

async function toPasskey({ url }: Portal, { customer, recoveryCodes }: WithCodes) {
  const allow = await customer.get('/account/second-step/passkey')
  const typed = { currentPassword: PASSWORD, code: recoveryCodes.pop()! }
  const page = await customer.submit(allow, 'currentPassword', typed)
  return { page, authenticator: new Authenticator(new URL(url).origin) }
}

async function withPasskey(portal: Portal, one: WithCodes): Promise<Authenticator> {
  const { page, authenticator } = await toPasskey(portal, one)
  const response = authenticator.create(challengeOf(page.html))
  await one.customer.submit(page, 'response', { name: 'Phone', response })
  return authenticator
}

/** What a passkey says to the page that was looked at last: the same to the same, as a form has it that is sent twice. */
function answering(
  customer: Customer,
  page: Page,
  sign: (challenge: string) => string,
): { response: string } {
  let challenge = challengeOf(page.html)
  const look = customer.get.bind(customer)
  customer.get = async path => {
    const seen = await look(path)
    challenge = challengeOf(seen.html) ?? challenge
    return seen
  }
  const said = new Map<string, string>()
  return {
    get response() {
      if (!said.has(challenge)) said.set(challenge, sign(challenge))
      return said.get(challenge)!
    },
  } as { response: string }
}
