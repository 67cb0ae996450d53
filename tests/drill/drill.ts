// `npm run drill`: two nodes behind nginx, on PostgreSQL behind a PgBouncer, and what happens to them goes wrong on purpose.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { installTools } from '../../bin/tools.mjs'
import { build } from './builds.ts'
import { openPlace, type Place } from './place.ts'
import { type Step, steps } from './steps.ts'
import { markdown, type Row } from './table.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    payments: { type: 'string', default: '120' },
    table: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const names = Object.keys(steps)
const wanted = values.only?.split(',') ?? names
const unknown = wanted.filter(name => !names.includes(name))
if (values.help || unknown.length > 0 || !/^\d+$/.test(values.payments)) {
  console.log(
    `npm run drill -- [--only STEP,STEP] [--payments COUNT] [--table FILE]\n\nSteps, in their order:`,
  )
  for (const [name, { what }] of Object.entries(steps)) console.log(`  ${name.padEnd(12)} ${what}`)
  process.exit(values.help ? 0 : 2)
}

/** What customers met. */
const table: Row[] = []

process.exit(await drill())

async function drill(): Promise<number> {
  const began = Date.now()
  installTools(['pgbouncer', 'nginx-light'])
  console.log('Building the portal where it has changed …')
  process.env.NEXT_DIST_DIR = await build('.next-drill')
  console.log('Starting PostgreSQL with a replica, PgBouncer, two nodes and nginx …')
  const place = await openPlace()
  // Commands of the portal that the drill uses itself go straight to PostgreSQL.
  const { url } = place.postgres
  Object.assign(process.env, place.settings, { DATABASE_URL: url, DATABASE_DIRECT_URL: url })
  const chosen = names.filter(name => wanted.includes(name)).map(name => ({ name, ...steps[name]! }))
  let failed = 0
  try {
    const beside = chosen.filter(step => step.beside).map(step => pass(step, place))
    for (const step of chosen.filter(step => !step.beside)) if (!(await pass(step, place))) failed += 1
    for (const passed of await Promise.all(beside)) if (!passed) failed += 1
  } finally {
    await place.end()
  }
  if (table.length > 0) console.log(`\n${markdown(table)}`)
  if (values.table) fs.writeFileSync(values.table, `${markdown(table)}\n`)
  const took = ((Date.now() - began) / 1000).toFixed(0)
  console.log(`\n${chosen.length - failed} passed, ${failed} failed, in ${took} s`)
  return failed > 0 ? 1 : 0
}

/** Goes through a step and says how it went. */
async function pass({ name, what, run }: Step & { name: string }, place: Place): Promise<boolean> {
  const began = Date.now()
  try {
    const figures = await run(place, { payments: Number(values.payments), table })
    console.log(`\nPASS  ${name}: ${what} (${((Date.now() - began) / 1000).toFixed(0)} s)`)
    for (const line of figures) console.log(`      ${line}`)
    return true
  } catch (error) {
    console.log(`\nFAIL  ${name}: ${what}`)
    console.log(`      ${(error as Error).stack}`)
    for (const [index, { portal }] of place.nodes.entries()) {
      console.log(`      node ${index + 1} wrote last:\n${portal.output().slice(-1500)}`)
    }
    return false
  }
}
