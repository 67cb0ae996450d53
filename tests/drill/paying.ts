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

/** Accounts, each with so many contracts of KESCO of one invoice that is not due yet; usernames with contract codes. */
export async function makeCustomers(
  db: Database,
  accounts: number,
  contractsEach: number,
): Promise<{ username: string; codes: string[] }[]> {
  const passwordHash = await hashPassword(PASSWORD)
  const made = []
  for (let index = 0; index < accounts; index++) {
    const account = await makeAccount(db, { passwordHash })
    const codes: string[] = []
    for (let count = 0; count < contractsEach; count++) {
      const contract = await makeContract(db, { holder: account })
      await giveAccess(db, account, contract)
      const principal = 1000 + index * 100 + count
      const year = new Date().getUTCFullYear()
      await makeInvoices(db, contract, [
        { principal, period: `${year}-01-01`, issuedOn: `${year}-01-10`, dueOn: `${year + 1}-12-31` },
      ])
      codes.push(contract.code)
    }
    made.push({ username: account.username, codes })
  }
  return made
}

/** How often something broke off. */
export type Trouble = { count: number }

/** Runs `work` until it is answered without a fault of ours. */
export async function persist(work: () => Promise<Page>, trouble: Trouble): Promise<Page> {
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

/** Pays all that is due of a contract; `returns`: comes back from the bank. The page where it ends. */
export async function payContract(
  customer: Customer,
  path: string,
  { returns = true, trouble = { count: 0 } }: { returns?: boolean; trouble?: Trouble } = {},
): Promise<Page> {
  const form = await persist(() => customer.get(`${path}/pay`), trouble)
  const bank = await persist(() => customer.submit(form, 'invoices', { intent: 'pay' }), trouble)
  if (!hasForm(bank, 'cardNumber'))
    throw new Error(`Paying led to ${bank.path} (${bank.status}), not to the bank.`)
  return payAtBank(customer, bank, { returns, trouble })
}

export async function payAtBank(
  customer: Customer,
  bank: Page,
  { returns = true, trouble = { count: 0 } }: { returns?: boolean; trouble?: Trouble } = {},
): Promise<Page> {
  const card = { cardNumber: APPROVED, intent: 'pay' }
  const end = await persist(() => customer.submit(bank, 'cardNumber', card, { follow: returns }), trouble)
  if (returns && !end.path.startsWith('/payments/'))
    throw new Error(`The bank led to ${end.path} (${end.status}).`)
  return end
}
