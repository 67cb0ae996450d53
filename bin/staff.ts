// `npm run staff -- USERNAME …`: makes an account a member of staff, helps one who has lost the second step or its invitation,
// or records what staff saw at the counter.
import { parseArgs } from 'node:util'
import { type IdentityDocument, identityDocuments, staffRoles } from '../db/enums.ts'
import { inviteStaff, resetTwoFactor, setStaffRole, signOutEverywhere } from '../lib/auth/staff-commands.ts'
import { type BillerCode, billerCodes } from '../lib/billers/contract-codes.ts'
import { recogniseFor, withdrawFor } from '../lib/counter/command-line.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import type { Result } from '../lib/platform/result.ts'
import { runCommand } from './command.ts'
import { shown, shownError } from './shown.ts'

const ROLES = [...staffRoles, 'none'] as const
type Role = (typeof ROLES)[number]

const USAGE = `Usage: npm run staff -- USERNAME --role ROLE [--billers CODES]
       npm run staff -- USERNAME --invite
       npm run staff -- USERNAME --reset-second-step
       npm run staff -- USERNAME --sign-out
       npm run staff -- USERNAME --holder-of BILLER:CODE --seen-by STAFF --document KIND:LAST4
       npm run staff -- USERNAME --not-holder-of BILLER:CODE --asked-by STAFF --confirmed-by STAFF --reason TEXT

  USERNAME              of an account: its person has registered
  --role ROLE           one of ${ROLES.join(', ')}
  --billers CODES       whose customers they see, by commas: ${billerCodes.join(',')}; all where it is left out
  --invite              a new invitation to set up the second step, for staff who have none; the one before is worth nothing
  --reset-second-step   for who has lost phone and recovery codes: sign-in asks for the password alone
  --sign-out            ends all sessions of the account, whoever's it is
  --holder-of CONTRACT  the person was at the counter with their identity document: they are the contract's holder
  --seen-by STAFF       the username of the member of staff who saw them; it stands in the audit log
  --document KIND:LAST4 what they saw (${identityDocuments.join(', ')}) and the last four characters of its number
  --not-holder-of CONTRACT  takes back what recognised them as the holder, which needs two people:
  --asked-by STAFF      who asks for it, and why (--reason)
  --confirmed-by STAFF  another one, a supervisor or administrator, who agrees

Staff pages open once the second step is set up. Whoever gets a role and has none gets an invitation with it, which is printed
here: hand it over by a way that whoever has guessed the password cannot read.

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Counter = { biller: BillerCode; contractCode: string } & (
  | { seenBy: string; identityDocument: IdentityDocument; documentEnding: string }
  | { asks: string; confirms: string; note: string }
)
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
        document: { type: 'string' },
        'asked-by': { type: 'string' },
        'confirmed-by': { type: 'string' },
        reason: { type: 'string' },
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
    if ((values['holder-of'] ?? values['not-holder-of']) !== undefined) {
      const counter = readCounter(values)
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

function readCounter(values: Record<string, string | boolean | undefined>): Counter | string {
  const text = (name: string) => {
    const value = values[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [biller, ...code] = (text('holder-of') ?? text('not-holder-of') ?? '').split(':')
  const known = billerCodes.find(one => one === biller)
  if (!known || code.length === 0) return 'Give the contract as BILLER:CODE.'
  const contract = { biller: known, contractCode: code.join(':') }
  if (values['holder-of'] === undefined) {
    const [asks, confirms, note] = [text('asked-by'), text('confirmed-by'), text('reason')]
    if (!asks || !confirms || !note)
      return 'Say by --asked-by, --confirmed-by and --reason which two agree, and why.'
    return { ...contract, asks, confirms, note }
  }
  const seenBy = text('seen-by')
  if (!seenBy) return 'Say by --seen-by which member of staff saw the person.'
  const [kind, documentEnding = ''] = (text('document') ?? '').split(':')
  const identityDocument = identityDocuments.find(one => one === kind)
  if (!identityDocument || !/^[\p{L}\d]{4}$/u.test(documentEnding)) {
    return `Give the document as KIND:LAST4; KIND is one of ${identityDocuments.join(', ')}.`
  }
  return { ...contract, seenBy, identityDocument, documentEnding }
}

const NOT_DONE: Record<string, string> = {
  noAccount:
    'There is no account with this username among the customers of the billers of who saw the person.',
  ofDirectory: 'Their company’s directory signs them in: it says what they may do.',
  noContract: 'The account has no such contract on its list: the person adds it first.',
  notStaff: 'Name members of staff, two where two are needed.',
  ownAccount: 'Nobody does it for themselves, nor for a contract of their own.',
  otherHolder:
    'The names and personal number of the account are not those that the biller has of the holder. Have the biller’s data mended first.',
  alreadyRecognised: 'They are recognised as the holder already.',
  notRecognised: 'Nothing recognised them but, perhaps, their phone, which the biller has.',
  alreadyAsked: 'It was asked for already: it waits among the registrations at /staff.',
  notFound: 'It is asked for, but who confirms may not: it waits among the registrations at /staff.',
}

const HELP = { invite: inviteStaff, reset: resetTwoFactor, 'sign-out': signOutEverywhere }

type Done = Result<{ invitation?: string } | undefined, string>

function perform(call: Call): Promise<Done> {
  if ('role' in call) return setStaffRole(call.username, call.role, call.billers, clock.now())
  if ('help' in call) return HELP[call.help](call.username, clock.now())
  return performAtCounter(call.username, call.counter)
}

async function performAtCounter(identifier: string, counter: Counter): Promise<Done> {
  const of = { identifier, ...counter }
  const done =
    'seenBy' in of ? await recogniseFor(of.seenBy, of, clock.now()) : await withdrawFor(of, of, clock.now())
  return done.ok ? { ok: true, value: undefined } : done
}

/** Prints what was done; returns the exit code. */
async function performAndTell(call: Call): Promise<number> {
  const result = await asJob(() => perform(call))
  if (!result.ok) {
    console.log(NOT_DONE[result.code] ?? result.code)
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
}

await runCommand(readCall(), USAGE, performAndTell)
