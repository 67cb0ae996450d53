// Nodes that are stopped and started while customers look at pages, and forms that outlive their node.
import { setTimeout as sleep } from 'node:timers/promises'
import { Customer, hasForm } from '../../support/customer.ts'
import { startLoad } from '../../support/load.ts'
import { build } from '../builds.ts'
import { expectNoError, seconds, slowest } from '../figures.ts'
import { makeCustomers, openDrillDatabase, PASSWORD } from '../paying.ts'
import type { Place } from '../place.ts'

const CONNECTIONS = 8
/** After it has said that it stops, a node serves for DRAIN_SECONDS; then what is under way may take ten. */
const STOPPED_MS = 20_000

/** One of the nodes: whoever asks it directly is answered and told when the connection ends; whoever asks nginx notices nothing. */
export async function stop({ nodes, nginx }: Place): Promise<string[]> {
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
export async function rollingRestart({ nodes, nginx }: Place): Promise<string[]> {
  const load = startLoad(
    ['/help', '/sign-in', '/icon.svg'].map(path => nginx.url + path),
    { connections: CONNECTIONS },
  )
  await sleep(1000)
  for (const node of nodes) {
    await node.restart()
    await untilReady(node.portal.url)
  }
  await sleep(1000)
  const answers = await load.stop()
  return [
    `both nodes, ${CONNECTIONS} connections: ${expectNoError(answers)}, the slowest ${slowest(answers)} ms`,
  ]
}

async function untilReady(url: string): Promise<void> {
  for (const until = Date.now() + 10_000; ; await sleep(100)) {
    const { status } = await fetch(`${url}/api/ready`)
    if (status === 200) return
    if (Date.now() > until) throw new Error(`The node is not ready: ${status}`)
  }
}

/** Forms of two kinds, shown by one build, sent to another one. */
export async function upgrade({ nodes, nginx, postgres, settings }: Place): Promise<string[]> {
  const db = openDrillDatabase(postgres.url)
  const [payer] = await makeCustomers(db, 1, 1)
  await db.$client.end()
  const customer = new Customer(nginx.url)
  await customer.signIn(payer!.username, PASSWORD)
  const pay = await customer.get(`/contracts/kesco/${payer!.codes[0]}/pay`)
  const someone = new Customer(nginx.url)
  const signIn = await someone.get('/sign-in')
  const next = await build('.next-drill-upgrade')
  for (const node of nodes) await node.restart({ NEXT_DIST_DIR: next })
  const signedIn = await someone.submit(signIn, 'identifier', {
    identifier: payer!.username,
    password: PASSWORD,
  })
  const bank = await customer.submit(pay, 'invoices', { intent: 'pay' })
  for (const node of nodes) await node.restart({ NEXT_DIST_DIR: settings.NEXT_DIST_DIR! })
  if (signedIn.path !== '/contracts')
    throw new Error(`signing in led to ${signedIn.path} (${signedIn.status})`)
  if (!hasForm(bank, 'cardNumber')) throw new Error(`paying led to ${bank.path} (${bank.status})`)
  return ['the forms to sign in and to pay, shown by one build, were taken by the next']
}
