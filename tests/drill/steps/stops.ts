// Nodes that are stopped and started while customers look at pages.
import { setTimeout as sleep } from 'node:timers/promises'
import { startLoad } from '../../support/load.ts'
import type { Nginx } from '../../support/nginx.ts'
import { expectNoError, seconds } from '../figures.ts'
import { startCounting } from '../met.ts'
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
      run: () => rollNodes(place),
    }),
  ]
}

/** Each is started again as the place says by then, and the next one once the one before is asked again: whoever upgrades looks for minutes. */
export async function rollNodes({ nodes, nginx }: Place): Promise<void> {
  for (const node of nodes) {
    await node.restart()
    await untilReady(node.portal.url)
    await untilAsked(nginx, new URL(node.portal.url).port)
  }
}

/** nginx leaves a node alone for seconds that could not be reached, and until it has answered once. */
async function untilAsked(nginx: Nginx, port: string): Promise<void> {
  const before = nginx.requests().length
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    await (await fetch(`${nginx.url}/help`)).text()
    if (nginx.requests().slice(before).includes(`"node":"127.0.0.1:${port}","nodeStatus":"200"`)) return
  }
  throw new Error('nginx does not ask the node.')
}

async function untilReady(url: string): Promise<void> {
  for (const until = Date.now() + 10_000; ; await sleep(100)) {
    const { status } = await fetch(`${url}/api/ready`)
    if (status === 200) return
    if (Date.now() > until) throw new Error(`The node is not ready: ${status}`)
  }
}
