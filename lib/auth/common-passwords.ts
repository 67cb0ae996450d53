// Passwords that everybody guesses first: the list of zxcvbn-ts, drawn from published leaks, and what names this portal.
import { billerCodes } from '../billers/contract-codes.ts'
import { compose } from '../platform/text.ts'
import { readPassword } from '../platform/typed.ts'

export type GuessedFault = 'passwordCommon' | 'passwordOwnWords'

let loading: Promise<ReadonlySet<string>> | undefined

/** Words that a guesser of this portal's passwords begins with: its own, those of who uses it, and where it is. */
const OWN_WORDS = [
  'drita',
  'portali',
  'portal',
  'energjia',
  'energji',
  'rryma',
  'keds',
  'kosova',
  'kosove',
  'kosovo',
  'shqiperia',
  'shqiperi',
  'albania',
  ...billerCodes.map(code => code.replace('-', '')),
]
const ONLY_OWN_WORDS = new RegExp(`^(${OWN_WORDS.join('|')})+$`)

/** Whether a password's letters are nothing but own words: `Drita-2026`, `OSHEE1drita`. */
const isOfOwnWords = (password: string): boolean =>
  ONLY_OWN_WORDS.test(
    compose(password, 'NFD')
      .toLowerCase()
      .replace(/[^a-z]/g, ''),
  )

/**
 * Why a password is guessed early, if it is: it is on the list, or of own words; capitals do not matter. The list is loaded at first use, and only what the password
 * rule (passwordFault) would let pass is kept: at least 8 characters, with a letter and a digit.
 */
export async function guessedFault(password: string): Promise<GuessedFault | undefined> {
  if (isOfOwnWords(password)) return 'passwordOwnWords'
  loading ??= load()
  return (await loading).has(readPassword(password).toLowerCase()) ? 'passwordCommon' : undefined
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const listed = dictionary['passwords-common']
  return new Set(
    listed.map(word => word.toLowerCase()).filter(word => /^(?=.*\d)(?=.*\p{L}).{8,}$/u.test(word)),
  )
}
