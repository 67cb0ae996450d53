// What a browser keeps between two steps: sealed, so that nobody can read it or make one up.
import { DRAFT_SECONDS } from '../forms/drafts.ts'
import { seal, unseal } from '../platform/seal.ts'
import { forgetCookie, readCookie, setCookie } from './cookies.ts'

/** `name` is also the purpose it is sealed for. */
function sealedCookie(name: string, seconds: number) {
  const purpose = `cookie ${name}`
  return {
    remember: (value: string): Promise<void> => setCookie(name, seal(value, purpose), seconds),
    read: async (): Promise<string | undefined> => {
      const value = await readCookie(name)
      return value ? unseal(value, purpose) : undefined
    },
    forget: (): Promise<void> => forgetCookie(name),
  }
}

/** The registration this browser is in the middle of. */
export const registrationCookie = sealedCookie('registration', 24 * 3600)

/** The reset this browser asked for: the code from the SMS is worth something only here. */
export const resetCookie = sealedCookie('reset', 1800)

/** What was typed to ask for it, so that it can be asked for again. */
export const resetForCookie = sealedCookie('reset-for', 1800)

/** Whose password was right, on the way to the code of the second step. */
export const signInCookie = sealedCookie('sign-in', 600)

/** A sign-in that was begun at a company's directory: its answer counts only in this browser. */
export const directoryCookie = sealedCookie('directory', 600)

/** The session that has just ended, on the way to the directory that it was of, where it ends too. */
export const endedCookie = sealedCookie('ended', 120)

/** New recovery codes, until their owner says that they are written down. */
export const recoveryCodesCookie = sealedCookie('recovery-codes', 600)

/** What a code has just allowed: that a passkey be added, in this session. */
export const passkeyCookie = sealedCookie('passkey', 600)

/** The address of a link to pay that was just made: it is kept nowhere else. */
export const payLinkCookie = sealedCookie('pay-link', 600)

const paying = sealedCookie('paying', 24 * 3600)
/** Whoever pays by more links in a day comes back to these. */
const MOST_PAYING = 8

/** The tokens of the links by which this browser went to the bank, the latest first: they lead back from there. */
export const payingCookie = {
  read: async (): Promise<string[]> => (await paying.read())?.split(' ') ?? [],
  remember: async (token: string): Promise<void> => {
    const others = (await payingCookie.read()).filter(other => other !== token)
    await paying.remember([token, ...others].slice(0, MOST_PAYING).join(' '))
  },
}

/** The form that this browser still has to send. */
export const draftCookie = sealedCookie('draft', DRAFT_SECONDS)
