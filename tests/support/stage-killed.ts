// A process that dies as by `kill -9` after so many statements of a stage of a payment: `node stage-killed.ts STAGE DATA TIME COUNT`.
import { clock } from '../../lib/platform/clock.ts'
import { breakAfter, breakConnections } from './broken-connections.ts'
import { type Stage, stages } from './payment-stages.ts'

const [stage, data, time, count] = process.argv.slice(2) as [Stage, string, string, string]
const now = new Date(time)
clock.now = () => now
breakConnections()
await breakAfter(
  Number(count),
  async () => stages[stage](JSON.parse(data), now),
  () => process.kill(process.pid, 'SIGKILL'),
)
process.exit(0)
