// Who fills in the forms of the walk, and what they have: a fresh one each time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Form as Definition, Fields } from '../../lib/forms/form.ts'
import { checkDigitFits } from '../../lib/platform/identifiers.ts'
import { Customer, type Form, type Typed } from './customer.ts'
import { type Portal, rows } from './portal-process.ts'

export const PASSWORD = 'Demo-2024'

export const SIGN_OUT: Form = { action: '/sign-out', multipart: false, fields: {}, names: [] }

/** A form as somebody has it before them, who has done nothing with it yet. */
export type Ready = {
  customer: Customer
  /** Whose it is; undefined where nobody is signed in. */
  person?: Person
  path: string
  right: Typed
  /** Of an account that has two-factor: those not used yet. */
  recoveryCodes?: string[]
  /** How often what it is for was done. */
  done: () => Promise<number>
}

export type Row = {
  form: Definition<Fields>
  /** A field or button that this form alone has on its page. */
  field: string
  /** Every field wrong that can be; none where nothing can be. */
  wrong?: Typed
  /** It is about what this browser's session keeps in a cookie: signed in again, there is no such form. */
  ofSession?: true
  /** A fresh one each time: `customer` reaches the portal by `url`. */
  ready: (portal: Portal, url: string) => Promise<Ready>
}

export type Person = { id: string; username: string; email: string; phone: string }

/** Of seven digits, whenever it begins. */
let serial = 1_000_000 + (Date.now() % 8_000_000)
export const next = () => String(++serial)

/** An account with the password of the demonstration, in English. */
export async function person({ databaseUrl }: Portal, { verified = true } = {}): Promise<Person> {
  const number = next()
  const [made] = await rows<Person>(
    databaseUrl,
    `insert into accounts (personal_number, username, email, email_verified_at, phone, first_name, last_name, name_folded,
       password_hash, language, terms_version, terms_accepted_at)
     select $1, $2, $3, case when $5 then now() end, $4, 'Arta', 'Berisha', 'arta berisha', password_hash, 'en', terms_version, now()
     from accounts where username = 'milan' returning id, username, email, phone`,
    [
      // Without a check digit.
      `9${number}`.padEnd(10, '1'),
      `p${number}`,
      `p${number}@example.com`,
      `+38344${number.slice(-6)}`,
      verified,
    ],
  )
  return made!
}

/** A contract, by default of KESCO, its code; with `account`, it has it, as `level` says. */
export async function contract(
  { databaseUrl }: Portal,
  account?: Person,
  level = 'masked',
  biller = 'kesco',
): Promise<string> {
  const code = `${biller === 'oshee' ? 'AL' : 'DPR-'}${next()}`
  await rows(
    databaseUrl,
    `with c as (insert into contracts (biller_id, code, category) select id, $1, 'household' from billers where code = $4
       returning id, biller_id),
     i as (insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, principal, tv_tax, total)
       select biller_id, id, $1 || '-1', '2023-12-01', '2024-01-10', '2024-01-31', 5000, 0, 5000 from c)
     insert into contract_access (account_id, contract_id, level) select $2::uuid, id, $3 from c where $2 is not null`,
    [code, account?.id ?? null, level, biller],
  )
  return code
}

export async function signedIn(
  portal: Portal,
  url: string,
  how = {},
): Promise<{ customer: Customer; person: Person }> {
  return signedInAs(await person(portal, how), url)
}

export async function signedInAs(
  person: Person,
  url: string,
): Promise<{ customer: Customer; person: Person }> {
  const customer = new Customer(url)
  await customer.signIn(person.username, PASSWORD)
  return { customer, person }
}

/** Counts rows: `$1` is `id`. */
export const counts =
  ({ databaseUrl }: Portal, from: string, id: string) =>
  async (): Promise<number> => {
    const [found] = await rows<{ n: string }>(databaseUrl, `select count(*) as n from ${from}`, [id])
    return Number(found!.n)
  }

/** The code last sent to a phone or an e-mail address. */
export const codeFor = (customer: Customer, to: string): Promise<string> =>
  readOutbox(customer, to, '\\b(\\d{6})\\b')

/** What somebody who is not registered yet types. */
export async function registration(portal: Portal) {
  const number = next()
  return {
    biller: 'kesco',
    contractCode: (await contract(portal)).replace('DPR-', 'dpr '),
    firstName: 'Arta',
    lastName: 'Berisha',
    // One whose check digit fits.
    personalNumber: Array.from({ length: 10 }, (_, digit) => `7${number}0${digit}`).find(checkDigitFits)!,
    confirmPersonalNumber: 'on',
    phone: `044${number.slice(-6)}`,
    email: `r${number}@example.com`,
    username: `r${number}`,
    password: 'Portokall 7',
    passwordConfirm: 'Portokall 7',
    acceptTerms: 'on',
  }
}

/** The path of the link last sent to an address. */
export const linkFor = (customer: Customer, to: string, start: string): Promise<string> =>
  readOutbox(customer, to, `(${start}[\\w-]+)`)

/** Of the newest message to somebody that has it; some are sent by jobs. */
async function readOutbox(customer: Customer, to: string, what: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { html } = await customer.get('/outbox')
    const [, found] = new RegExp(`${to.replace('+', '\\+')}[\\s\\S]*?${what}`).exec(html) ?? []
    if (found) return found
    await sleep(50)
  }
  throw new Error(`nothing such was sent to ${to}`)
}
