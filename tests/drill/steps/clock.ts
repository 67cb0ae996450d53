// A node whose clock is wrong by ten minutes, beside one whose clock is right: what one of them begins the other one ends.
import path from 'node:path'
import { Customer } from '../../support/customer.ts'
import { codeFor } from '../../support/form-people.ts'
import { readDocument, sendDocument } from '../documents.ts'
import { PASSWORD } from '../paying.ts'
import type { Node, Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

const WRONG_BY_MS = 10 * 60_000
const STAFF_PASSWORD = 'Demo-2024'

export async function wrongClock(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const [right, wrong] = place.nodes
  const lines: string[] = []
  for (const [name, shift] of [
    ['fast', WRONG_BY_MS],
    ['slow', -WRONG_BY_MS],
  ] as const) {
    const file = path.join(import.meta.dirname, '../shifted-clock.mjs')
    await wrong.restart({ NODE_OPTIONS: `--import=${file}`, CLOCK_SHIFT_MS: String(shift) })
    lines.push(
      await underLoad(place, table, {
        what: `the clock of a node ten minutes ${name}`,
        goal: { errors: 0 },
        run: async () => {
          await enterByCode(right, wrong)
          await enterByCode(wrong, right)
          await keepDocument(place, wrong, right)
        },
      }),
    )
    const said = wrong.portal.output().includes('ALARM: the clock of this machine')
    lines.push(
      `  codes and documents of one node were taken by the other; the node ${said ? 'says' : 'does not say'} so`,
    )
  }
  await wrong.restart()
  return lines
}

/** A code that one node made is typed at the other. */
async function enterByCode(first: Node, second: Node): Promise<void> {
  const staff = new Customer(first.portal.url)
  const form = await staff.get('/sign-in')
  await staff.submit(form, 'identifier', { identifier: 'operator', password: STAFF_PASSWORD })
  const code = await codeFor(staff, 'operator@example.com')
  const there = new Customer(second.portal.url)
  there.cookies = staff.cookies
  const entered = await there.submit(await there.get('/sign-in/code'), 'code', { code })
  if (entered.path !== '/staff') throw new Error(`The code led to ${entered.path} (${entered.status}).`)
}

async function keepDocument(place: Place, first: Node, second: Node): Promise<void> {
  const [someone] = await place.makeCustomers(1, 1)
  const customer = new Customer(first.portal.url)
  await customer.signIn(someone!.username, PASSWORD)
  const sent = await sendDocument(customer)
  if (sent.status !== 200) throw new Error(`A document was answered with ${sent.status}.`)
  const there = new Customer(second.portal.url)
  there.cookies = customer.cookies
  await readDocument(there, place.postgres.url, someone!.username)
}
