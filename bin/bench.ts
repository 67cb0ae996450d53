// `npm run bench`: the figures of the README, measured on the built portal beside a bare page.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { measureBesideFeed } from './bench/beside-feed.ts'
import { makeDatabase, pagePath } from './bench/data.ts'
import { measureDocuments, someInvoice } from './bench/documents.ts'
import { runLighthouse } from './bench/lighthouse.ts'
import { measureLog, SILENT, telling } from './bench/log.ts'
import { measureNotices } from './bench/notices.ts'
import { compare, compareSizes, type Target } from './bench/page.ts'
import { measureScale } from './bench/scale.ts'
import { type Server, signIn, startBare, startPortal } from './bench/servers.ts'
import { measureSignIn } from './bench/sign-in.ts'
import { build, buildFault } from './start/build.ts'

const PARTS = ['page', 'size', 'pdf', 'signin', 'lighthouse', 'log', 'feed', 'notices']
/** By hand alone: for a million contracts it needs tens of gigabytes and an hour. */
const BY_HAND = 'scale'
const USAGE = `npm run bench -- [--contracts 1000000] [--only ${[...PARTS, BY_HAND].join(',')}] [--quick]

page        the page of unpaid invoices against a bare page with the same rows
size        the same page with so many contracts against 1,000
pdf         invoice PDFs a second, and signatures
signin      sign-ins against bare argon2id, and the time of a wrong password
lighthouse  the core pages, phone profile
log         what a line of the log a request and the metrics cost: the page with and without them
feed        the import of a million invoices against a plain COPY; the page to pay while 200,000 rows load; notices
notices     two new invoices a contract, told to its customer while those who work are killed; the page meanwhile
scale       only by --only scale: every page's statements beside so many contracts of three years, and a month's feed`

const { values } = parseArgs({
  options: {
    contracts: { type: 'string', default: '100000' },
    only: { type: 'string', default: PARTS.join(',') },
    /** Fewer and shorter rounds: to see that it runs, not to quote. */
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const parts = values.only.split(',')
const contracts = Number(values.contracts)
const rounds = values.quick ? 3 : 7
const seconds = values.quick ? 2 : 4

/** What has to be undone at the end, in the order it was done. */
const undo: (() => unknown)[] = []

async function bench(): Promise<void> {
  const load = os.loadavg().map(value => value.toFixed(1))
  console.log(
    `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, node`,
  )
  console.log(`${process.version}, ${new Date().toISOString().slice(0, 10)}; load before: ${load.join(' ')}`)
  // For what is measured in this process, and for the feed in its own.
  Object.assign(process.env, { DEMO: 'on', APP_URL: 'http://localhost' })
  process.env.AUTH_SECRET ??= 'a-secret-of-the-bench-only-0123456789'
  if (buildFault()) await build(line => console.log(`  ${line}`))
  if (parts.includes('feed')) await feed()
  if (parts.some(part => part !== BY_HAND)) await withPortal()
  if (parts.includes(BY_HAND)) await scale()
}

/** Everything that asks a running portal. */
async function withPortal(): Promise<void> {
  const postgres = await server()
  console.log(`\n${contracts} contracts, ${contracts * 12} invoices …`)
  const url = await makeDatabase(postgres.url, 'bench', contracts)
  const portal = await portalOn(url, contracts)
  Object.assign(process.env, { DATABASE_URL: url, APP_URL: portal.server.url })

  if (parts.includes('page')) {
    const bare = kept(await startBare(url, portal.path.split('/')[3]!))
    const targets: [Target, Target] = [portal, { name: 'bare', server: bare, path: '/invoices' }]
    await compareSizes(targets)
    for (const connections of [1, 32]) await compare(targets, { connections, rounds, seconds })
    await bare.stop()
  }
  if (parts.includes('size')) {
    const few = await portalOn(await makeDatabase(postgres.url, 'bench_few', 1000), 1000)
    const targets: [Target, Target] = [
      { ...portal, name: `${contracts}` },
      { ...few, name: '1000' },
    ]
    console.log('\nThe page by the number of contracts')
    await compare(targets, { connections: 1, rounds, seconds })
    await few.server.stop()
  }
  if (parts.includes('pdf')) await measureDocuments(portal, { rounds, seconds })
  if (parts.includes('signin')) await measureSignIn(portal.server, rounds, values.quick ? 40 : 150)
  if (parts.includes('lighthouse')) {
    await runLighthouse(portal, (await someInvoice(url)).id, values.quick ? 1 : 5)
  }
  if (parts.includes('log')) await log(url)
  // Last: it bills the customer's next month.
  if (parts.includes('feed'))
    await measureBesideFeed(portal, { databaseUrl: url, contracts, seconds: 5 * seconds })
  await portal.server.stop()
  if (parts.includes('feed') || parts.includes('notices')) await notices(postgres.url)
}

/** On two portals of its own. */
async function log(url: string): Promise<void> {
  const targets: [Target, Target] = [
    await portalOn(url, contracts, SILENT),
    await portalOn(url, contracts, await telling()),
  ]
  // The difference is smaller than what 4 s vary.
  await measureLog(targets, { rounds, seconds: 3 * seconds })
  for (const { server } of targets) await server.stop()
}

/** On a server of its own: what else is measured has no room beside it. */
async function scale(): Promise<void> {
  const { folder, url } = await server()
  await measureScale(url, contracts, path.join(folder, 'feed'), kept)
}

/** PostgreSQL with its data in a folder that goes with it. */
async function server(): Promise<{ folder: string; url: string }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-bench-'))
  // The embedded PostgreSQL may run as another user.
  fs.chmodSync(folder, 0o755)
  undo.push(() => fs.rmSync(folder, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'))
  undo.push(postgres.stop)
  return { folder, url: postgres.url }
}

/** On a portal of its own, whose jobs another process does: that one is killed. */
async function notices(serverUrl: string): Promise<void> {
  const url = await makeDatabase(serverUrl, 'bench_notices', contracts)
  Object.assign(process.env, { JOBS_IN_PROCESS: 'off' })
  const portal = await portalOn(url, contracts)
  await measureNotices(portal, { databaseUrl: url, customers: contracts, seconds: 5 * seconds })
}

async function portalOn(
  databaseUrl: string,
  size: number,
  variables?: Record<string, string>,
): Promise<Target> {
  const server = kept(await startPortal(databaseUrl, variables))
  return { name: 'portal', server, path: pagePath(size), cookie: await signIn(server.url) }
}

function kept(server: Server): Server {
  undo.push(server.stop)
  return server
}

/** In a process of its own: its memory is one of its figures. */
async function feed(): Promise<void> {
  console.log('\nFeed')
  const invoices = values.quick ? '100000' : '1000000'
  const script = path.join(import.meta.dirname, 'bench/feed.ts')
  const child = spawn(
    process.execPath,
    [script, '--invoices', invoices, '--rounds', values.quick ? '1' : '3'],
    {
      stdio: 'inherit',
      env: { ...process.env, DATABASE_URL: '' },
    },
  )
  const [status] = await once(child, 'exit')
  if (status !== 0) throw new Error('The feed could not be measured.')
}

async function end(): Promise<void> {
  for (const action of undo.splice(0).reverse()) await action()
}

if (values.help || parts.some(part => ![...PARTS, BY_HAND].includes(part)) || !(contracts >= 1)) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 1)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end().finally(() => process.exit(1)))
}
try {
  await bench()
} finally {
  await end()
}
