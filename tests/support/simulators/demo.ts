// `npm run demo-banks`: the demonstration with two simulated banks, which its billers have accounts at as they do in life.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { startBanks } from './accounts.ts'

/** The same at each start: an account's addresses stay while payments of it are followed up. */
const FIRST_PORT = 4710

const { nestpay, raiaccept, accounts, secrets, stop } = await startBanks(FIRST_PORT)

// Beside the other demonstration's: its payments stay at the sandbox bank.
const dataDir = path.resolve(process.env.DATA_DIR || '.data/banks')
fs.mkdirSync(dataDir, { recursive: true })

const file = path.join(dataDir, 'gateway-accounts.json')
fs.writeFileSync(file, JSON.stringify(accounts, null, 2))

const env = {
  ...process.env,
  DEMO: 'on',
  DATABASE_URL: undefined,
  DATA_DIR: dataDir,
  GATEWAY_SECRETS: JSON.stringify(secrets),
  // So that the portal ends with this process, however that ends.
  npm_lifecycle_event: 'start',
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs one of the portal's programs to its end; what ends this process ends it, in its own way. */
async function run(...args: string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  const [code] = (await once(child, 'exit')) as [number | null]
  for (const signal of signals) process.off(signal, pass)
  return code ?? 1
}

console.log(
  `Banks: NestPay for lek at ${nestpay.url} (OSHEE) and the ports behind it, RaiAccept for euro at ${raiaccept.url}.`,
)
console.log(`Their pages name the test cards. What they booked: ${raiaccept.url}/control/book`)
const added = await run('bin/gateway-accounts.ts', file)
process.exitCode = added === 0 ? await run('bin/start.ts') : added
await stop()
