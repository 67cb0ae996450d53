// Nodes that are stopped and started while customers look at pages, and forms that outlive their node.
import { setTimeout as sleep } from 'node:timers/promises'
import { Customer, hasForm } from '../../support/customer.ts'
import { startLoad } from '../../support/load.ts'
import { build } from '../builds.ts'
import { expectNoError, seconds } from '../figures.ts'
import { startCounting } from '../met.ts'
import { makeCustomers, openDrillDatabase, PASSWORD } from '../paying.ts'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

const CONNECTIONS = 8
/** After it has said that it stops, a node serves for DRAIN_SECONDS; then what is under way may take ten. */
const STOPPED_MS = 20_000

/** One of the nodes: whoever asks it directly is answered and told when the connection ends; whoever asks nginx notices nothing. */
export async function stop({ nodes, nginx }: Place, { table }: { table: Row[] }): Promise<string[]> {
  const [first] = nodes
  const lines: string[] = []
  for (const [name, url, untilClosed] of [
    ['directly', first.portal.url, true],
    ['through nginx', nginx.url, false],
  ] as const) {
    const load = startLoad([`${url}/help`, `${url}/sign-in`], { connections: CONNECTIONS, untilClosed })
    await sleep(2000)
    const began = Date.now()
    await first.portal.stop()
    const took = Date.now() - began
    const answers = await load.stop()
    if (took > STOPPED_MS) throw new Error(`${name}: the node took ${seconds(took)} to stop`)
    const met = startCounting()
    met.countAll(answers)
    const nothing = { recoveredMs: 0, lost: 0, doubled: 0 }
    table.push({ what: `a node stopped, asked ${name}`, ...met, ...nothing })
    const told = answers.filter(({ last }) => last).length
    if (untilClosed && told !== CONNECTIONS)
      throw new Error(`${told} of ${CONNECTIONS} connections were told of their end`)
    lines.push(
      `${name}, ${CONNECTIONS} connections: ${expectNoError(answers)}; stopped after ${seconds(took)}`,
    )
    await first.start()
  }
  return lines
}

/** Both nodes, one after the other, each waited for until it is ready. */
export async function rollingRestart(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  return [
    await underLoad(place, table, {
      what: 'both nodes restarted, one after the other',
      goal: { errors: 0 },
      run: () => rollTo(place),
    }),
  ]
}

async function rollTo({ nodes }: Place, variables: Record<string, string> = {}): Promise<void> {
  for (const node of nodes) {
    await node.restart(variables)
    await untilReady(node.portal.url)
  }
}

export async function untilReady(url: string): Promise<void> {
  for (const until = Date.now() + 10_000; ; await sleep(100)) {
    const { status } = await fetch(`${url}/api/ready`)
    if (status === 200) return
    if (Date.now() > until) throw new Error(`The node is not ready: ${status}`)
  }
}

/** Forms of two kinds, shown by one build, sent to another one; and whatever else customers do while both serve. */
export async function upgrade(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { nginx, postgres } = place
  const db = openDrillDatabase(postgres.url)
  const [payer] = await makeCustomers(db, 1, 1)
  await db.$client.end()
  const customer = new Customer(nginx.url)
  await customer.signIn(payer!.username, PASSWORD)
  const next = await build('.next-drill-upgrade')
  const pay = await customer.get(`/contracts/kesco/${payer!.codes[0]}/pay`)
  const someone = new Customer(nginx.url)
  const signIn = await someone.get('/sign-in')
  const line = await underLoad(place, table, {
    what: 'rolling upgrade to another build',
    goal: { errors: 0 },
    run: () => rollTo(place, { NEXT_DIST_DIR: next }),
  })
  const signedIn = await someone.submit(signIn, 'identifier', {
    identifier: payer!.username,
    password: PASSWORD,
  })
  const bank = await customer.submit(pay, 'invoices', { intent: 'pay' })
  await rollTo(place)
  if (signedIn.path !== '/contracts')
    throw new Error(`signing in led to ${signedIn.path} (${signedIn.status})`)
  if (!hasForm(bank, 'cardNumber')) throw new Error(`paying led to ${bank.path} (${bank.status})`)
  return [line, '  the forms to sign in and to pay, shown by one build, were taken by the next']
}
