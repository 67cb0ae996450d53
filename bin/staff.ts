// `npm run staff -- USERNAME …`: makes an account a member of staff, or helps one who has lost the second step or its
// invitation.
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { inviteStaff, resetSecondStep, setStaffRole } from '../lib/accounts/staff.ts'
import { INVITATION_DAYS } from '../lib/auth/invitations.ts'
import { billerCodes } from '../lib/contracts/codes.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob, closeDatabases } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { readSettings } from './settings.ts'
import { shown, shownError } from './shown.ts'

const ROLES = ['agent', 'supervisor', 'administrator', 'none'] as const
type Role = (typeof ROLES)[number]

const USAGE = `Usage: npm run staff -- USERNAME --role ROLE [--billers CODES]
       npm run staff -- USERNAME --invite
       npm run staff -- USERNAME --reset-second-step

  USERNAME              of an account: its person has registered
  --role ROLE           one of ${ROLES.join(', ')}
  --billers CODES       whose customers they see, by commas: ${billerCodes.join(',')}; all where it is left out
  --invite              a new invitation to set up the second step, for staff who have none; the one before is worth nothing
  --reset-second-step   for who has lost phone and recovery codes: sign-in asks for the password alone

Staff pages open once the second step is set up. Whoever gets a role and has none gets an invitation with it, which is printed
here: hand it over by a way that whoever has guessed the password cannot read.

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Call = { username: string } & ({ role: Role; billers: string[] } | { help: 'invite' | 'reset' })

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        billers: { type: 'string' },
        invite: { type: 'boolean', default: false },
        'reset-second-step': { type: 'boolean', default: false },
      },
    })
    const [username] = positionals
    if (!username || positionals.length > 1) return 'Give one username.'
    const { invite, 'reset-second-step': reset } = values
    if (invite || reset) {
      if (values.role || values.billers || (invite && reset)) return 'Do one thing at a time.'
      return { username, help: invite ? 'invite' : 'reset' }
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

function perform(call: Call): ReturnType<typeof inviteStaff> {
  if (!('help' in call)) return setStaffRole(call.username, call.role, call.billers, clock.now())
  return (call.help === 'invite' ? inviteStaff : resetSecondStep)(call.username, clock.now())
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
    const result = await asJob(() => perform(call))
    await closeDatabases()
    if (!result.ok) {
      console.log(`There is no account with the username ${shown(call.username)}.`)
      return 1
    }
    const { invitation } = result.value
    if ('help' in call && call.help === 'invite' && !invitation) {
      console.log('Nothing was changed: this is no member of staff without a second step.')
      return 1
    }
    console.log('Done.')
    if (invitation) {
      console.log(`\nInvitation, valid once and for ${INVITATION_DAYS} days: ${invitation}
It is asked for at ${env().APP_URL}/account/second-step after signing in.`)
    }
    return 0
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
