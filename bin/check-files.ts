// `npm run check-files`: says which stored files have no row in the database, and which rows have no file.
import { parseArgs } from 'node:util'
import { checkFiles } from '../lib/files/checking.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob, database } from '../lib/platform/database.ts'
import { runCommand } from './command.ts'
import { shownError } from './shown.ts'

const USAGE = `Usage: npm run check-files [-- --delete-strays]

  --delete-strays   files that no row has are deleted, for good

After a restore: a file without a row was stored after the moment that the database was restored to, or its row was removed
before; a row without a file was removed after it, or the files were restored to an earlier moment than the database.

Ends with 0 when all have each other, 1 when not, 2 when it was called wrongly.`

type Call = { deleteStrays: boolean }

function readCall(): Call | string {
  try {
    const { values } = parseArgs({ options: { 'delete-strays': { type: 'boolean', default: false } } })
    return { deleteStrays: values['delete-strays'] }
  } catch (error) {
    return shownError(error)
  }
}

const MOST_SHOWN = 1000

function printAll(lines: string[]): void {
  for (const line of lines.slice(0, MOST_SHOWN)) console.log(line)
  if (lines.length > MOST_SHOWN) console.log(`… and ${lines.length - MOST_SHOWN} more`)
}

async function perform(call: Call): Promise<number> {
  const { files, strays, lost } = await asJob(() => checkFiles(database(), call, clock.now()))
  printAll(strays.map(key => `no row:  ${key}${call.deleteStrays ? ', deleted' : ''}`))
  printAll(lost.map(({ key, of }) => `no file: ${key}, of ${of}`))
  console.log(`${files} files, ${strays.length} without a row; ${lost.length} rows without a file.`)
  return lost.length > 0 || (strays.length > 0 && !call.deleteStrays) ? 1 : 0
}

await runCommand(readCall(), USAGE, perform)
