// `npm run staff -- USERNAME …`: makes an account a member of staff, helps one who has lost the second step or its invitation,
// or records what staff saw at the counter.
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { staffRoles } from '../db/enums.ts'
import { inviteStaff, resetTwoFactor, setStaffRole, signOutEverywhere } from '../lib/auth/staff-commands.ts'
import { type BillerCode, billerCodes } from '../lib/billers/contract-codes.ts'
import { type CounterFailure, decideAtCounter } from '../lib/contracts/holders.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob, closeDatabases } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import type { Result } from '../lib/platform/result.ts'
import { shown, shownError } from './shown.ts'
import { migrate } from './start/migrating.ts'
import { readSettings } from './start/settings.ts'

const ROLES = [...staffRoles, 'none'] as const
type Role = (typeof ROLES)[number]

const USAGE = `Usage: npm run staff -- USERNAME --role ROLE [--billers CODES]
       npm run staff -- USERNAME --invite
       npm run staff -- USERNAME --reset-second-step
       npm run staff -- USERNAME --sign-out
       npm run staff -- USERNAME --holder-of BILLER:CODE --seen-by STAFF
       npm run staff -- USERNAME --not-holder-of BILLER:CODE --seen-by STAFF

  USERNAME              of an account: its person has registered
  --role ROLE           one of ${ROLES.join(', ')}
  --billers CODES       whose customers they see, by commas: ${billerCodes.join(',')}; all where it is left out
  --invite              a new invitation to set up the second step, for staff who have none; the one before is worth nothing
  --reset-second-step   for who has lost phone and recovery codes: sign-in asks for the password alone
  --sign-out            ends all sessions of the account, whoever's it is
  --holder-of CONTRACT  the person was at the counter with their identity document: they are the contract's holder
  --not-holder-of CONTRACT  takes back what recognised them as the holder
  --seen-by STAFF       the username of the member of staff who saw them; it stands in the audit log

Staff pages open once the second step is set up. Whoever gets a role and has none gets an invitation with it, which is printed
here: hand it over by a way that whoever has guessed the password cannot read.

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Counter = {
  decision: 'recognise' | 'withdraw'
  biller: BillerCode
  code: string
  staff: string
}
type Call = { username: string } & (
  | { role: Role; billers: BillerCode[] }
  | { help: keyof typeof HELP }
  | { counter: Counter }
)

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
        'sign-out': { type: 'boolean', default: false },
        'holder-of': { type: 'string' },
        'not-holder-of': { type: 'string' },
        'seen-by': { type: 'string' },
      },
    })
    const [username] = positionals
    if (!username || positionals.length > 1) return 'Give one username.'
    const tasks = ['role', 'invite', 'reset-second-step', 'sign-out', 'holder-of', 'not-holder-of'] as const
    if (tasks.filter(task => values[task]).length > 1) return 'Do one thing at a time.'
    if (values['sign-out']) return { username, help: 'sign-out' }
    if (values.invite || values['reset-second-step']) {
      return { username, help: values.invite ? 'invite' : 'reset' }
    }
    const contract = values['holder-of'] ?? values['not-holder-of']
    if (contract !== undefined) {
      const counter = readCounter(contract, values['seen-by'], values['holder-of'] !== undefined)
      return typeof counter === 'string' ? counter : { username, counter }
    }
    const role = ROLES.find(one => one === values.role)
    if (!role) return `Give a role: ${ROLES.join(', ')}.`
    const named = values.billers?.split(',') ?? billerCodes
    const billers = billerCodes.filter(code => named.includes(code))
    const unknown = named.find(code => !billers.some(known => known === code))
    if (unknown !== undefined) return `There is no biller ${shown(unknown)}.`
    return { username, role, billers }
  } catch (error) {
    return shownError(error)
  }
}

function readCounter(contract: string, staff: string | undefined, isHolder: boolean): Counter | string {
  const [biller, ...code] = contract.split(':')
  const known = billerCodes.find(one => one === biller)
  if (!known || code.length === 0) return 'Give the contract as BILLER:CODE.'
  if (!staff) return 'Say by --seen-by which member of staff saw the person.'
  return { decision: isHolder ? 'recognise' : 'withdraw', biller: known, code: code.join(':'), staff }
}

const NOT_DONE: Record<CounterFailure, string> = {
  noAccount: 'There is no account with this username.',
  noContract: 'The account has no such contract on its list: the person adds it first.',
  notStaff: 'Who saw the person is to be another, and a member of staff for this biller.',
  otherHolder:
    'The names and personal number of the account are not those that the biller has of the holder. Have the biller’s data mended first.',
  notRecognised: 'Nothing recognised them but, perhaps, their phone, which the biller has.',
}

const HELP = { invite: inviteStaff, reset: resetTwoFactor, 'sign-out': signOutEverywhere }

type Done = Result<{ invitation?: string } | undefined, CounterFailure>

function perform(call: Call): Promise<Done> {
  if ('role' in call) return setStaffRole(call.username, call.role, call.billers, clock.now())
  if ('help' in call) return HELP[call.help](call.username, clock.now())
  const { biller, code, decision, staff } = call.counter
  return decideAtCounter(call.username, biller, code, decision, staff, clock.now())
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
    await migrate(env(), console.error)
    const result = await asJob(() => perform(call))
    await closeDatabases()
    if (!result.ok) {
      console.log(NOT_DONE[result.code])
      return 1
    }
    const invitation = result.value?.invitation
    if ('help' in call && call.help === 'invite' && !invitation) {
      console.log('Nothing was changed: this is no member of staff without a second step.')
      return 1
    }
    console.log('Done.')
    if (invitation) {
      console.log(`\nInvitation, valid once and for 7 days: ${invitation}
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
