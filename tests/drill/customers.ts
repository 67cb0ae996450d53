// A light load, as on a working day: some customers look at pages, others pay, and what breaks off they do again.
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../db/client.ts'
import { JUST_SENT_COOKIE } from '../../lib/http/just-sent.ts'
import { Customer } from '../support/customer.ts'
import { type Load, startLoad } from '../support/load.ts'
import { rows } from '../support/portal-process.ts'
import { compareWithMemory, expectPaidOnce, untilAllEnded } from './books.ts'
import { type Met, startCounting } from './met.ts'
import { type Begun, PASSWORD, payContract, persist } from './paying.ts'
import type { Place } from './place.ts'

const READERS = 4
const PAYERS = 3
/** Between two pages, and at most between two payments. */
const READS_MS = 150
const THINKS_MS = 800
/** More than a payer pays while something is broken. */
const CONTRACTS = 200
/** One of so many closes the browser at the bank. */
const ONE_IN = 4
/** Without any error for so long, it is over. */
const CALM_MS = 2_000
const LONGEST_MS = 60_000

export type Customers = {
  met: Met
  /** Waits until nobody has met an error for two seconds. */
  untilCalm: () => Promise<void>
  /** Has each finish what it does, and says how their payments ended. */
  stop: () => Promise<{ paid: number; lost: number; doubled: number; figures: string }>
  /** Sends them home, whatever they are at. */
  dismiss: () => Promise<unknown>
}

/** Signs them in and has them begin. `db`: the drill's own way to the database. */
export async function startCustomers(place: Place, db: Database): Promise<Customers> {
  const { url } = place.nginx
  const databaseUrl = place.postgres.url
  const people = await place.makeCustomers(PAYERS + 1, CONTRACTS)
  const met = startCounting()
  const customers = people.map(
    (_, index) => new Customer(url, { 'x-forwarded-for': `203.0.113.${index + 1}` }, met.count),
  )
  const begun: string[] = []
  const remembered = new Map<string, Set<string>>()
  let stopping = false
  const pay = async (customer: Customer, codes: string[]) => {
    for (const code of codes) {
      if (stopping) return
      begun.push(code)
      const paid = (order: string) =>
        remembered.set(code, (remembered.get(code) ?? new Set<string>()).add(order))
      const path = `/contracts/kesco/${code}`
      await payContract(customer, path, {
        returns: randomInt(ONE_IN) > 0,
        paid,
        attempt: () => newestAttempt(databaseUrl, code),
      })
      await sleep(randomInt(THINKS_MS))
    }
    throw new Error('A payer has nothing left to pay.')
  }
  for (const [index, customer] of customers.entries()) {
    const form = await persist(() => customer.get('/sign-in'))
    const typed = { identifier: people[index]!.username, password: PASSWORD }
    await persist(() => customer.submit(form, 'identifier', typed))
  }
  const [reader, ...payers] = customers as [Customer, ...Customer[]]
  // As a browser forgets it some seconds after the sign-in: from then on the past is read from the replica.
  reader.cookies.delete(JUST_SENT_COOKIE)
  const contract = `/contracts/kesco/${people[0]!.codes[0]}`
  const pages = ['/contracts', `${contract}/pay`, `${contract}/history`, '/help']
  const load: Load = startLoad(
    pages.map(path => url + path),
    { connections: READERS, cookie: reader.cookie, pauseMs: READS_MS },
  )
  const paying = Promise.all(payers.map((customer, index) => pay(customer, people[index + 1]!.codes)))
  // Reported by `stop`, which awaits it.
  paying.catch(() => {})
  let counted = 0
  const countPages = () => {
    const { answers } = load
    met.countAll(answers.slice(counted))
    counted = answers.length
  }
  const dismiss = async () => {
    stopping = true
    await Promise.allSettled([paying, load.stop()])
  }
  return {
    met,
    dismiss,
    untilCalm: async () => {
      for (const began = Date.now(); ; await sleep(100)) {
        countPages()
        const since = Math.max(began, met.lastError() ?? 0)
        if (Date.now() - since > CALM_MS) return
        if (Date.now() - began > LONGEST_MS) throw new Error(`There are still errors: ${met.errors()}`)
      }
    },
    stop: async () => {
      stopping = true
      await paying
      await load.stop()
      countPages()
      await untilAllEnded(db, begun)
      const compared = await compareWithMemory(db, remembered)
      // What was lost or doubled is said in the table; here what does not add up otherwise.
      const isWhole = compared.lost + compared.doubled === 0
      const figures = isWhole ? await expectPaidOnce(db, begun) : 'the books do not agree'
      return { paid: begun.length, figures, ...compared }
    },
  }
}

/** The newest attempt to pay a contract; undefined where there is none, or the database does not say. */
export const newestAttempt = async (url: string, code: string): Promise<Begun | undefined> => {
  const found = await rows<Begun>(
    url,
    `select a.id, a.state, a.redirect from payment_attempts a
      join payment_attempt_invoices i on i.attempt_id = a.id join contracts c on c.id = i.contract_id
      where c.code = $1 order by a.created_at desc limit 1`,
    [code],
  ).catch(() => [])
  return found[0]
}
