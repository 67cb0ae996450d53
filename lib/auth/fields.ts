// The fields of passwords and of codes, declared once.
import { passwordField, shapedField } from '../forms/fields.ts'
import type { Field } from '../forms/form.ts'
import { readGrouped } from '../platform/typed.ts'

export const newPassword = passwordField('new-password', 'passwordLong')
/** What a command may answer of it. */
export const refusedPassword = {
  passwordShort: 'newPassword',
  passwordDigit: 'newPassword',
  passwordCapital: 'newPassword',
  passwordRule: 'newPassword',
  passwordName: 'newPassword',
  passwordCommon: 'newPassword',
  passwordOwnWords: 'newPassword',
} as const
/** Too long to be anybody's, it is a wrong one, and no more is told. */
export const currentPassword = passwordField('current-password', 'passwordWrong')

/** For `together`: the error of a repetition that is another. */
export const repeated = (password: string | undefined, repetition: string | undefined) =>
  password === undefined || repetition === undefined || password === repetition
    ? undefined
    : 'passwordsDiffer'

const ONE_TIME = { autoComplete: 'one-time-code', secret: true, short: true } as const

/** Six digits, however they are grouped: of a message, or of the app. */
export const code = shapedField(
  30,
  'codeForm',
  typed => (/^\d{6}$/.test(readGrouped(typed)) ? readGrouped(typed) : undefined),
  { ...ONE_TIME, inputMode: 'numeric' },
)

/** A code of the app or a recovery code, or an invitation's: digits and letters, however they are grouped. */
export const anyCode = shapedField(30, 'required', typed => readGrouped(typed) || undefined, ONE_TIME)

/** What a passkey has signed, as JSON: set by a script (components/passkey-prompt.tsx). */
export const signedByPasskey: Field<string> = {
  kind: 'hidden',
  secret: true,
  // Some 2 kB, and a certificate of whoever made the device.
  max: 20_000,
  read: typed => (typed && typed.length <= 20_000 ? { value: typed } : { error: 'passkeyMissing' }),
}
