// `npm run drill`: two nodes behind nginx, on PostgreSQL behind a PgBouncer, and what happens to them goes wrong on purpose.
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { installTools } from '../../bin/tools.mjs'
import { lastWords, openPlace, type Place } from './place.ts'
import { buildRelease, ROOT } from './releases.ts'
import { type Step, steps } from './steps.ts'
import { type Passed, type Row, report, rowsTable } from './table.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    payments: { type: 'string', default: '120' },
    table: { type: 'string' },
    from: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const names = Object.keys(steps)
const wanted = values.only?.split(',') ?? names
const unknown = wanted.filter(name => !names.includes(name))
if (values.help || unknown.length > 0 || !/^\d+$/.test(values.payments)) {
  console.log(
    `npm run drill -- [--only STEP,STEP] [--payments COUNT] [--table FILE] [--from FOLDER]\n\nSteps, in their order:`,
  )
  for (const [name, { what }] of Object.entries(steps)) console.log(`  ${name.padEnd(12)} ${what}`)
  process.exit(values.help ? 0 : 2)
}

/** What customers met, and what steps measured. */
const table: Row[] = []
const passed: Passed[] = []

process.exit(await drill())

async function drill(): Promise<number> {
  const began = Date.now()
  installTools(['pgbouncer', 'nginx-light'])
  console.log('Building the portal where it has changed …')
  const release = await buildRelease({ root: ROOT, build: '.next-drill' })
  console.log('Starting PostgreSQL with a replica, PgBouncer, two nodes and nginx …')
  const place = await openPlace(release)
  // Commands of the portal that the drill uses itself go straight to PostgreSQL.
  const { url } = place.postgres
  Object.assign(process.env, place.settings, { DATABASE_URL: url, DATABASE_DIRECT_URL: url })
  const chosen = names.filter(name => wanted.includes(name)).map(name => ({ name, ...steps[name]! }))
  let failed = 0
  try {
    const beside = chosen.filter(step => step.beside).map(step => pass(step, place))
    for (const step of chosen.filter(step => !step.beside)) if (!(await pass(step, place))) failed += 1
    for (const holds of await Promise.all(beside)) if (!holds) failed += 1
  } finally {
    await place.end()
  }
  if (table.length > 0) console.log(`\n${rowsTable(table)}`)
  const took = ((Date.now() - began) / 1000).toFixed(0)
  const ended = `${chosen.length - failed} passed, ${failed} failed, in ${took} s`
  const inOrder = names.flatMap(name => passed.filter(step => step.name === name))
  if (values.table) fs.writeFileSync(values.table, report(ended, table, inOrder))
  console.log(`\n${ended}`)
  return failed > 0 ? 1 : 0
}

/** Goes through a step and says how it went. */
async function pass({ name, what, run }: Step & { name: string }, place: Place): Promise<boolean> {
  const began = Date.now()
  try {
    const from = values.from && path.resolve(values.from)
    const figures = await run(place, { payments: Number(values.payments), table, from })
    passed.push({ name, figures })
    console.log(`\nPASS  ${name}: ${what} (${((Date.now() - began) / 1000).toFixed(0)} s)`)
    for (const line of figures) console.log(`      ${line}`)
    return true
  } catch (error) {
    console.log(`\nFAIL  ${name}: ${what}`)
    console.log(`      ${(error as Error).stack}`)
    console.log(lastWords(place))
    return false
  }
}
