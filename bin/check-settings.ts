// `npm run check-settings [-- --connect]`: says all that is wrong with the settings before anything is started with them. Changes nothing.
import './start/production.ts'
import { parseArgs } from 'node:util'
import type { Env } from '../lib/platform/env.ts'
import { shownError } from './shown.ts'
import { fileFaults } from './start/file-faults.ts'
import { readServingSettings } from './start/settings.ts'

const USAGE = `Usage: npm run check-settings [-- --connect]

  --connect   also asks the database, the storage, the mail server, the virus scanner and the banks whether they answer, and says of each
              what came of it; banks are asked about an order that none has. SMS are not tried: each costs

Ends with 0 where nothing is wrong, with 1 where something is, with 2 where it was called wrongly.`

/** Whether --connect was given; a sentence where something else was. */
function readCall(): boolean | string {
  try {
    return parseArgs({ options: { connect: { type: 'boolean', default: false } } }).values.connect
  } catch (error) {
    return shownError(error)
  }
}

const connect = readCall()
if (typeof connect === 'string') {
  console.error(`${connect}\n\n${USAGE}`)
  process.exit(2)
}
const faults: string[] = []
let settings: Env | undefined
try {
  settings = readServingSettings()
} catch (error) {
  faults.push(shownError(error))
}
faults.push(...fileFaults(process.env))
if (connect && settings) {
  const { tryConnections } = await import('./start/connection-faults.ts')
  for (const { says, isFault } of await tryConnections(settings)) {
    if (isFault) faults.push(says)
    else console.log(says)
  }
}
for (const fault of faults) console.error(fault)
if (connect && !settings) console.error('Nobody was asked for an answer: the settings do not hold yet.')
if (faults.length === 0) {
  console.log(`The settings are complete${connect ? ', and whom they name answers' : ''}.`)
}
// What was asked may not hang up.
process.exit(faults.length > 0 ? 1 : 0)
