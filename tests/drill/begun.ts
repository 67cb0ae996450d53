// What people have begun and finish later: forms that are open, a code and a link that were sent, a session, a document.
import { Customer, hasForm } from '../support/customer.ts'
import { codeFor, linkFor } from '../support/form-people.ts'
import { rows } from '../support/postgres.ts'
import { documentsOf, openDocumentForm, readDocument, sendDocument } from './documents.ts'
import { PASSWORD } from './paying.ts'
import type { Place } from './place.ts'

const STAFF_PASSWORD = 'Demo-2024'

/** Finishes all of it, whatever was changed meanwhile; a line that says so. Throws where one of them is not taken, or somebody is signed out. */
type Finish = () => Promise<string>

export async function beginAll(place: Place): Promise<Finish> {
  const finish = [await beginForms(place), await beginDocuments(place), await beginCode(place)]
  finish.push(await beginReset(place))
  return async () => {
    for (const one of finish) await one()
    return '  nobody was signed out; open forms (sign-in, payment, document), a code, a link and a document of before were taken'
  }
}

async function beginForms(place: Place): Promise<() => Promise<void>> {
  const { url } = place.nginx
  const [payer] = await place.makeCustomers(1, 1)
  const customer = new Customer(url)
  await customer.signIn(payer!.username, PASSWORD)
  const pay = await customer.get(`/contracts/kesco/${payer!.codes[0]}/pay`)
  const someone = new Customer(url)
  const signIn = await someone.get('/sign-in')
  return async () => {
    const typed = { identifier: payer!.username, password: PASSWORD }
    const signedIn = await someone.submit(signIn, 'identifier', typed)
    if (signedIn.path !== '/contracts')
      throw new Error(`Signing in led to ${signedIn.path} (${signedIn.status}).`)
    const bank = await customer.submit(pay, 'invoices', { intent: 'pay' })
    if (!hasForm(bank, 'cardNumber')) throw new Error(`Paying led to ${bank.path} (${bank.status}).`)
  }
}

/** One customer has sent a document, another one is about to. */
async function beginDocuments(place: Place): Promise<() => Promise<void>> {
  const people = await place.makeCustomers(2, 1)
  const [reader, sender] = people.map(() => new Customer(place.nginx.url)) as [Customer, Customer]
  await reader.signIn(people[0]!.username, PASSWORD)
  await sendDocument(reader)
  await sender.signIn(people[1]!.username, PASSWORD)
  const send = await openDocumentForm(sender)
  return async () => {
    const home = await reader.get('/contracts')
    if (home.path !== '/contracts') throw new Error(`Somebody was signed out, and led to ${home.path}.`)
    await readDocument(reader, place.postgres.url, people[0]!.username)
    await send()
    const stored = await documentsOf(place.postgres.url, people[1]!.username)
    if (stored.length !== 1) throw new Error(`${stored.length} documents are stored instead of one.`)
  }
}

async function beginCode({ nginx }: Place): Promise<() => Promise<void>> {
  const staff = new Customer(nginx.url)
  const signIn = await staff.get('/sign-in')
  await staff.submit(signIn, 'identifier', { identifier: 'operator', password: STAFF_PASSWORD })
  const code = await codeFor(staff, 'operator@example.com')
  const form = await staff.get('/sign-in/code')
  return async () => {
    const entered = await staff.submit(form, 'code', { code })
    if (entered.path !== '/staff') throw new Error(`The code led to ${entered.path} (${entered.status}).`)
  }
}

async function beginReset(place: Place): Promise<() => Promise<void>> {
  const [forgetful] = await place.makeCustomers(1, 1)
  const { username } = forgetful!
  const customer = new Customer(place.nginx.url)
  await customer.submit(await customer.get('/forgot-password'), 'identifier', { identifier: username })
  const [account] = await rows<{ email: string }>(
    place.postgres.url,
    'select email from accounts where username = $1',
    [username],
  )
  const link = await linkFor(customer, account!.email, '/reset-password/')
  return async () => {
    const page = await customer.get(link)
    if (page.status !== 200 || !hasForm(page, 'newPassword'))
      throw new Error(`The link led to ${page.path} (${page.status}).`)
  }
}
