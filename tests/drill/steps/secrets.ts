// Another AUTH_SECRET, as README's "Changing AUTH_SECRET" says, while customers look at pages and pay: nobody is signed out, and
// what was sealed, signed or sent with the old one still counts.
import { Customer, hasForm } from '../../support/customer.ts'
import { codeFor, linkFor } from '../../support/form-people.ts'
import { rows } from '../../support/postgres.ts'
import { readDocument, sendDocument } from '../documents.ts'
import { makeCustomers, openDrillDatabase, PASSWORD } from '../paying.ts'
import { type Place, type Process, runProgram } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'
import { untilReady } from './stops.ts'

const NEXT_SECRET = 'another-secret-of-the-drill-0123456789'
const STAFF_PASSWORD = 'Demo-2024'

export async function secrets(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { nginx, postgres, settings } = place
  const db = openDrillDatabase(postgres.url)
  const [someone] = await makeCustomers(db, 1, 1)
  await db.$client.end()
  const customer = new Customer(nginx.url)
  await customer.signIn(someone!.username, PASSWORD)
  await sendDocument(customer)
  let resealed = ''
  const line = await underLoad(place, table, {
    what: 'AUTH_SECRET changed',
    goal: { errors: 0 },
    run: async context => {
      const email = await emailOf(postgres.url, someone!.username)
      const staff = new Customer(nginx.url)
      const signIn = await staff.get('/sign-in')
      await staff.submit(signIn, 'identifier', { identifier: 'operator', password: STAFF_PASSWORD })
      const code = await codeFor(staff, 'operator@example.com')
      const forgetful = new Customer(nginx.url)
      await forgetful.submit(await forgetful.get('/forgot-password'), 'identifier', {
        identifier: someone!.username,
      })
      const link = await linkFor(forgetful, email, '/reset-password/')

      const old = settings.AUTH_SECRET!
      await roll(place, context, { AUTH_SECRET_PREVIOUS: NEXT_SECRET })
      await roll(place, context, { AUTH_SECRET: NEXT_SECRET, AUTH_SECRET_PREVIOUS: old })
      const reseal = runProgram(['bin/reseal.ts'], settings)
      if ((await reseal.ended) !== 0) throw new Error(`reseal failed:\n${reseal.output()}`)
      resealed = reseal.output().trim()

      const entered = await staff.submit(await staff.get('/sign-in/code'), 'code', { code })
      if (entered.path !== '/staff') throw new Error(`The code led to ${entered.path} (${entered.status}).`)
      const page = await forgetful.get(link)
      if (page.status !== 200 || !hasForm(page, 'newPassword'))
        throw new Error(`The link led to ${page.path} (${page.status}).`)
    },
  })
  const home = await customer.get('/contracts')
  if (home.path !== '/contracts') throw new Error(`Somebody was signed out, and led to ${home.path}.`)
  await readDocument(customer, postgres.url, someone!.username)
  return [line, `  a code and a link of before were taken, nobody was signed out; ${resealed}`]
}

/** Gives the worker and all nodes, one after the other, other settings. */
async function roll(
  { nodes, settings, startWorker }: Place,
  context: { worker: Process },
  changed: Record<string, string>,
): Promise<void> {
  Object.assign(settings, changed)
  await context.worker.stop()
  context.worker = await startWorker()
  for (const node of nodes) {
    await node.restart()
    await untilReady(node.portal.url)
  }
}

async function emailOf(url: string, username: string): Promise<string> {
  const [account] = await rows<{ email: string }>(url, 'select email from accounts where username = $1', [
    username,
  ])
  return account!.email
}
