// Passwords that everybody guesses first: the list of zxcvbn-ts, drawn from published leaks.

let loading: Promise<ReadonlySet<string>> | undefined

/**
 * Whether a password is on the list; capitals do not matter. The list is loaded at first use, and only what the password
 * rule (passwordHolds) would let pass is kept: at least 8 characters, with a letter and a digit.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  loading ??= load()
  return (await loading).has(password.normalize('NFC').toLowerCase())
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const listed = dictionary['passwords-common']
  return new Set(
    listed.map(word => word.toLowerCase()).filter(word => /^(?=.*\d)(?=.*\p{L}).{8,}$/u.test(word)),
  )
}
