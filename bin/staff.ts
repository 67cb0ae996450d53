// `npm run staff -- USERNAME …`: makes an account a member of staff, or helps one who has lost the second step.
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { resetSecondStep, setStaffRole } from '../lib/accounts/staff.ts'
import { billerCodes } from '../lib/contracts/codes.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob, closeDatabases } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { readSettings } from './settings.ts'
import { shown, shownError } from './shown.ts'

const ROLES = ['agent', 'supervisor', 'administrator', 'none'] as const
type Role = (typeof ROLES)[number]

const USAGE = `Usage: npm run staff -- USERNAME --role ROLE [--billers CODES]
       npm run staff -- USERNAME --reset-second-step

  USERNAME              of an account: its person has registered
  --role ROLE           one of ${ROLES.join(', ')}
  --billers CODES       whose customers they see, by commas: ${billerCodes.join(',')}; all where it is left out
  --reset-second-step   for who has lost phone and recovery codes: sign-in asks for the password alone

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Call = { username: string } & ({ role: Role; billers: string[] } | { reset: true })

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        billers: { type: 'string' },
        'reset-second-step': { type: 'boolean', default: false },
      },
    })
    const [username] = positionals
    if (!username || positionals.length > 1) return 'Give one username.'
    if (values['reset-second-step']) {
      return values.role || values.billers ? 'Do one thing at a time.' : { username, reset: true }
    }
    const role = ROLES.find(one => one === values.role)
    if (!role) return `Give a role: ${ROLES.join(', ')}.`
    const billers = values.billers?.split(',') ?? [...billerCodes]
    const unknown = billers.find(code => !(billerCodes as readonly string[]).includes(code))
    if (unknown !== undefined) return `There is no biller ${shown(unknown)}.`
    return { username, role, billers }
  } catch (error) {
    return shownError(error)
  }
}

/** Returns the exit code. */
async function run(call: Call): Promise<number> {
  let server: { url: string; stop: () => Promise<void> } | undefined
  try {
    const settings = readSettings()
    if (!settings.DATABASE_URL) {
      server = await startEmbeddedPostgres(settings.DATA_DIR)
      process.env.DATABASE_URL = server.url
    }
    await migrateDatabase(env().DATABASE_DIRECT_URL ?? env().DATABASE_URL!, { onWait: console.error })
    const result = await asJob(() =>
      'reset' in call
        ? resetSecondStep(call.username, clock.now())
        : setStaffRole(call.username, call.role, call.billers, clock.now()),
    )
    await closeDatabases()
    console.log(result.ok ? 'Done.' : `There is no account with the username ${shown(call.username)}.`)
    return result.ok ? 0 : 1
  } catch (error) {
    console.error(`Nothing was changed. ${shownError(error)}`)
    return 1
  } finally {
    await server?.stop()
  }
}

const call = readCall()
if (typeof call === 'string') {
  console.error(`${call}\n\n${USAGE}`)
  process.exit(2)
}
process.exitCode = await run(call)
