// Customers who pay whatever happens: what broke off they do again, as a browser's reload does.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../../db/client.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { type Customer, hasForm, type Page } from '../support/customer.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'

export const APPROVED = '4000000000000002'
export const PASSWORD = 'Drill-1912'
const PATIENCE_MS = 120_000
const PAUSE_MS = 400

/** The drill's own way to PostgreSQL, past the pooler. */
export const openDrillDatabase = (url: string): Database =>
  openDatabase(url, 4, { connect: 10_000, statement: 60_000, lock: 60_000, idle: 60_000 })

/** A username, and the codes of contracts. */
export type Made = { username: string; codes: string[] }

/** The codes of contracts made so far, of which the demonstration has none. */
let newest = 100_000

/** Accounts, each with so many contracts of KESCO of one invoice that is not due yet. */
export async function makeCustomers(db: Database, accounts: number, contractsEach: number): Promise<Made[]> {
  const passwordHash = await hashPassword(PASSWORD)
  const made = []
  for (let index = 0; index < accounts; index++) {
    const account = await makeAccount(db, { passwordHash })
    const codes = await Promise.all(
      Array.from({ length: contractsEach }, async (_, count) => {
        const contract = await makeContract(db, { holder: account, code: `DPR-${++newest}` })
        await giveAccess(db, account, contract)
        const principal = 1000 + index * 100 + count
        const year = new Date().getUTCFullYear()
        await makeInvoices(db, contract, [
          { principal, period: `${year}-01-01`, issuedOn: `${year}-01-10`, dueOn: `${year + 1}-12-31` },
        ])
        return contract.code
      }),
    )
    made.push({ username: account.username, codes })
  }
  return made
}

/** How often something broke off. */
export type Trouble = { count: number }

/** Runs `work` until it is answered without a fault of ours. */
export async function persist(work: () => Promise<Page>, trouble: Trouble = { count: 0 }): Promise<Page> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    let why: string
    try {
      const page = await work()
      if (page.status < 500) return page
      why = `${page.path} answered ${page.status}`
    } catch (error) {
      if (!(error instanceof TypeError) && (error as Error).name !== 'TimeoutError') throw error
      why = String((error as Error).cause ?? error)
    }
    trouble.count += 1
    if (Date.now() > until) throw new Error(`A customer gave up after ${PATIENCE_MS / 1000} s: ${why}`)
  }
}

/** An attempt, as the portal keeps it. */
export type Begun = {
  id: string
  state: string
  redirect: { method: 'GET' | 'POST'; url: string; fields: Record<string, string> } | null
}

type How = {
  /** Comes back from the bank. */
  returns?: boolean
  trouble?: Trouble
  /** Told of the order that the bank says it took the money of. */
  paid?: (order: string) => void
  /** The newest attempt of what is paid, for who was not led to the bank. */
  attempt?: () => Promise<Begun | undefined>
}

/** Pays all that is due of a contract. The page where it ends. */
export async function payContract(customer: Customer, path: string, how: How = {}): Promise<Page> {
  return payAtBank(customer, await goToBank(customer, path, how), how)
}

/** Where the bank took no order, or nobody was led there: on from the attempt, or anew, as the pages offer. */
async function goToBank(customer: Customer, path: string, { trouble, attempt }: How): Promise<Page> {
  let page: Page | undefined
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(PAUSE_MS)) {
    const begun = page && (await attempt?.())
    if (!begun || ['cancelled', 'expired', 'failed'].includes(begun.state)) {
      const form = await persist(() => customer.get(`${path}/pay`), trouble)
      page = hasForm(form, 'invoices')
        ? await persist(() => customer.submit(form, 'invoices', { intent: 'pay' }), trouble)
        : form
    } else if (begun.redirect) {
      const { url, method, fields } = begun.redirect
      const there = `${url}${method === 'GET' ? `?${new URLSearchParams(fields)}` : ''}`.replace(/\?$/, '')
      const typed = { action: there, multipart: false, fields: {}, names: [] }
      page = await persist(
        () => (method === 'GET' ? customer.get(there) : customer.send(typed, fields)),
        trouble,
      )
    } else {
      page = await persist(() => customer.get(`/payments/${begun.id}`), trouble)
    }
    if (hasForm(page, 'cardNumber')) return page
    if (!attempt) break
  }
  throw new Error(`Paying led to ${page?.path} (${page?.status}), not to the bank.`)
}

export async function payAtBank(
  customer: Customer,
  bank: Page,
  { returns = true, trouble, paid }: How = {},
): Promise<Page> {
  const card = { cardNumber: APPROVED, intent: 'pay' }
  const taken = await persist(() => customer.submit(bank, 'cardNumber', card, { follow: false }), trouble)
  const back = taken.headers.get('location')
  if (!back) throw new Error(`The bank answered ${taken.status} at ${taken.path}.`)
  paid?.(new URL(bank.path, customer.url).pathname.split('/').at(-1)!)
  if (!returns) return taken
  const end = await persist(() => customer.get(back), trouble)
  if (!end.path.startsWith('/payments/')) throw new Error(`The bank led to ${end.path} (${end.status}).`)
  return end
}
