// What knowing why costs: the portal with its line a request and its metrics, against itself without either.
import { freePort } from '../../db/embedded.ts'
import { median, printTable, range } from './figures.ts'
import { measure, type Target, WARM_UP_SECONDS } from './page.ts'

/** CPU milliseconds a request that both together may cost. */
const GOAL_MS = 0.2
const CONNECTIONS = 8

export const SILENT = { LOG_LEVEL: 'silent', METRICS_PORT: '' }
export const telling = async () => ({ LOG_LEVEL: 'info', METRICS_PORT: String(await freePort()) })

/** Both in turn, round by round. The difference is taken within a round, so that whatever else the machine does hits both. */
export async function measureLog(
  [silent, telling]: [Target, Target],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const cpu: [number[], number[]] = [[], []]
  for (const target of [silent, telling]) await measure(target, CONNECTIONS, WARM_UP_SECONDS)
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes.
    for (const index of round % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
      const target = index === 0 ? silent : telling
      cpu[index].push((await measure(target, CONNECTIONS, seconds)).cpuMs)
    }
  }
  const costs = cpu[1].map((ms, round) => ms - cpu[0][round]!)
  console.log(`\nLog and metrics, ${rounds} rounds of ${seconds} s in turn, CPU ms a request`)
  printTable([
    ['', 'median (range)'],
    ['without', range(cpu[0], 3)],
    ['with', range(cpu[1], 3)],
    [
      'what they cost',
      `${range(costs, 3)}, at most ${GOAL_MS}: ${median(costs) <= GOAL_MS ? 'met' : 'missed'}`,
    ],
  ])
}
