// `npm run settlement -- --account CODE FILE`: loads a bank's settlement file and prints in what it and the portal differ.
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { clock } from '../lib/platform/clock.ts'
import { asJob } from '../lib/platform/database.ts'
import { loadNamedSettlement } from '../lib/settlements/commands.ts'
import type { RefusedRow, SettlementRefusal, SettlementReport } from '../lib/settlements/schema.ts'
import { runCommand } from './command.ts'
import { shown, shownError } from './shown.ts'

const USAGE = `Usage: npm run settlement -- --account CODE FILE

  --account CODE   of the biller's account at the bank, as npm run gateway-accounts -- --list shows it
  FILE             CSV, as docs/settlement-file.md has it

The same file twice changes nothing. Differences wait for staff.

Ends with 0 when it was loaded, 1 when not, 2 when it was called wrongly, 3 when rows of it were refused.`

type Call = { account: string; file: string }

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { account: { type: 'string' } },
    })
    const [file] = positionals
    if (!values.account) return 'The account is missing.'
    if (!file || positionals.length > 1) return 'Give one file.'
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return `${shown(file)} is no file.`
    return { account: values.account, file }
  } catch (error) {
    return shownError(error)
  }
}

const REFUSALS: Record<SettlementRefusal, string> = {
  notFound: 'There is no such account.',
  tooLarge: 'The file is larger than 30 MB.',
  tooManyRows: 'The file has more than 200,000 rows.',
  notUtf8: 'The file is not UTF-8.',
  notCsv: 'The file is not CSV as RFC 4180 has it.',
  columnMissing: 'The first line does not name all columns.',
}

const REASONS: Record<RefusedRow['reason'], string> = {
  columns: 'has more or fewer cells than the first line',
  form: 'cannot be read',
  repeated: 'has a transaction that the file has above',
  before: 'has a transaction that an earlier file had otherwise, which counts',
}

const MOST_SHOWN = 100

function* linesOf({ rows, added, isKnown, refused, differences }: SettlementReport): Generator<string> {
  if (isKnown) yield 'This file was loaded before.'
  yield `${rows} rows, ${added} of them new.`
  for (const [kind, count] of Object.entries(differences)) yield `${count} ${kind.replaceAll('_', ' ')}`
  if (Object.keys(differences).length === 0) yield 'No new differences.'
  for (const { line, reason, column } of refused.slice(0, MOST_SHOWN))
    yield `Refused: line ${line} ${REASONS[reason]}${column ? ` (${column})` : ''}.`
  if (refused.length > MOST_SHOWN) yield `… and ${refused.length - MOST_SHOWN} more refused.`
}

/** Prints what became of the file; returns the exit code. */
async function perform({ account, file }: Call): Promise<number> {
  const bytes = fs.readFileSync(file)
  const loaded = await asJob(() =>
    loadNamedSettlement(account, { name: path.basename(file), bytes }, clock.now()),
  )
  if (!loaded.ok) {
    console.error(`Nothing was loaded. ${REFUSALS[loaded.code]}`)
    return 1
  }
  for (const line of linesOf(loaded.value)) console.log(line)
  return loaded.value.refused.length > 0 ? 3 : 0
}

await runCommand(readCall(), USAGE, perform)
