// The way to a company's directory and back: what a browser keeps meanwhile, how long, how often.
import type { Device } from '../auth/sessions.ts'
import type { Locale } from '../i18n/locale.ts'
import { env } from '../platform/env.ts'
import { parseJson } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { countTry, recordRefused } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { StaffDirectory } from '../platform/staff-directories.ts'
import { type Answered, signInByDirectory } from './commands.ts'
import { type Begun, beginAt, findDirectory, identityFrom } from './provider.ts'

/** So long somebody may take at the directory. */
const MOST_MS = 10 * 60_000

/**
 * `otherBrowser`: this browser has not begun it, or has done it already. `late`: it took longer than it may. `ended`: the directory has
 * ended it meanwhile. The others are of the directory, of its claims, or of too many tries.
 */
export const signInFailures = [
  'denied',
  'ended',
  'forged',
  'late',
  'noAnswer',
  'noRole',
  'noSecondStep',
  'otherBrowser',
  'wait',
] as const
export type SignInFailure = (typeof signInFailures)[number]

/** `value`: the session's id. `to`: the page that was asked for before. */
type Finished = Result<string, SignInFailure> & { to: string }

/** `kept`: for the browser to keep, sealed. Undefined where there is no such directory. */
export async function beginSignIn(
  code: string,
  to: string,
  address: string | null,
  now: Date,
): Promise<Result<{ kept: string }, SignInFailure> | undefined> {
  const directory = findDirectory(code)
  if (!directory) return undefined
  if ((await countTry(limits.directorySignIns(), { address })) > 0) return fail('wait')
  const begun = await beginAt(directory, to, now)
  return begun.ok ? ok({ kept: JSON.stringify(begun.value) }) : begun
}

/** Those that staff may choose. */
export const listDirectories = () => env().STAFF_DIRECTORIES.map(({ code, name }) => ({ code, name }))

const begunIn = (kept: string | undefined): Begun | undefined =>
  kept === undefined ? undefined : (parseJson(kept) as Begun)

/** Where the sign-in goes that a browser has begun; undefined where it has begun none. */
export function begunAt(kept: string | undefined): { name: string; url: string } | undefined {
  const begun = begunIn(kept)
  const directory = begun && findDirectory(begun.directory)
  return directory && { name: directory.name, url: begun.url }
}

/**
 * Signs in who comes back from the directory: `search` is what it sent along, `kept` what the browser kept. Undefined where there is no
 * such directory.
 */
export async function finishSignIn(
  code: string,
  { search, kept }: { search: string; kept: string | undefined },
  device: Device,
  language: Locale,
  now: Date,
): Promise<Finished | undefined> {
  const directory = findDirectory(code)
  if (!directory) return undefined
  const begun = begunIn(kept)
  const to = begun?.to ?? '/'
  const state = new URLSearchParams(search).get('state')
  const signedIn =
    begun?.directory === code && begun.state === state
      ? await answer(directory, search, begun, { device, state, language, begunAt: new Date(begun.at) }, now)
      : fail('otherBrowser')
  if (signedIn.ok) return { ...signedIn, to }
  const failed = signedIn.code === 'used' ? 'otherBrowser' : signedIn.code
  const details = { reason: 'directory', directory: code, why: failed }
  await recordRefused({ action: 'sign-in.refused', address: device.address, details, at: now })
  return { ok: false, code: failed, to }
}

async function answer(
  directory: StaffDirectory,
  search: string,
  begun: Begun,
  answered: Answered,
  now: Date,
): Promise<Result<string, SignInFailure | 'used'>> {
  if (now.getTime() - begun.at > MOST_MS) return fail('late')
  const { address } = answered.device
  if ((await countTry(limits.directoryAnswers(), { address })) > 0) return fail('wait')
  const identity = await identityFrom(directory, search, begun)
  return identity.ok ? signInByDirectory(directory, identity.value, answered, now) : identity
}
