// One of several web processes: serves until the one that started it says stop, or is gone.
import { outsidePattern } from '../lib/http/inside-address.ts'
import { measureWebProcess } from '../lib/metrics/process.ts'
import { routesOfBuild } from '../lib/metrics/requests.ts'
import { closeDatabases } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { printToLog } from '../lib/platform/printed.ts'
import { startServer } from '../server.ts'

// Ctrl-C reaches every process of a terminal, a service manager's SIGTERM every one of the service; the one that
// started this decides when.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

if (!env().DEMO) printToLog()
if (env().METRICS_PORT !== undefined) measureWebProcess(routesOfBuild(outsidePattern))
const server = await startServer()
process.on('message', async message => {
  if (message === 'drain') {
    await server.drain()
    process.send?.('drained')
  }
  if (message !== 'stop') return
  await server.close()
  await closeDatabases()
  process.exit(0)
})
process.send?.('ready')
