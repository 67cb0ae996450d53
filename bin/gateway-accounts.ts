// `npm run gateway-accounts -- FILE.json`: adds and changes billers' accounts at banks, and switches which takes payments.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { type Database, openDatabase } from '../db/client.ts'
import { listSavedAccounts, readAccountFile, saveAccounts } from '../lib/payments/account-file.ts'
import { clock } from '../lib/platform/clock.ts'
import { limitsOf } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { runCommand } from './command.ts'
import { shown, shownError, tableLines } from './shown.ts'
import { ownerUrl } from './start/migrating.ts'

const USAGE = `Usage: npm run gateway-accounts -- FILE.json
       npm run gateway-accounts -- --list

  FILE.json  a list of accounts; those whose code is known are changed, the others added, all or none (docs/how-to/gateway.md)
  --list     all accounts, without their secrets

Secrets are no part of the file: they are the setting GATEWAY_SECRETS, by the accounts' codes. Nodes that serve follow within half a
minute; secrets are read at their start.

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Call = { file: string } | { list: true }

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { list: { type: 'boolean', default: false } },
    })
    if (values.list) return positionals.length === 0 ? { list: true } : 'Do one thing at a time.'
    const [file] = positionals
    return file && positionals.length === 1 ? { file } : 'Give one file.'
  } catch (error) {
    return shownError(error)
  }
}

/** Prints what was done; returns the exit code. */
async function perform(call: Call): Promise<number> {
  const onError = (error: Error) => console.error(shownError(error))
  const db = openDatabase(ownerUrl(env())!, 1, limitsOf('job'), { onError })
  try {
    return 'list' in call ? await list(db) : await save(db, call.file)
  } finally {
    await db.$client.end()
  }
}

async function list(db: Database): Promise<number> {
  const head = ['account', 'bank', 'biller', 'currency', 'merchant', 'test', 'takes payments']
  const rows = (await listSavedAccounts(db)).map(account => [
    ...[account.code, account.gateway, account.biller, account.currency, shown(account.merchantId)],
    ...[account.isTest, account.takesPayments].map(is => (is ? 'yes' : 'no')),
  ])
  console.log(tableLines([head, ...rows]).join('\n'))
  return 0
}

async function save(db: Database, file: string): Promise<number> {
  const read = readAccountFile(fs.readFileSync(file, 'utf8'))
  const saved = read.ok ? await saveAccounts(db, read.value, clock.now()) : read
  console.log(saved.ok ? 'Done.' : `Nothing was changed. ${shown(saved.code)}`)
  return saved.ok ? 0 : 1
}

await runCommand(readCall(), USAGE, perform)
