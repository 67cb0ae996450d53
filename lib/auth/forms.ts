// The forms of sessions and of two-factor.
import { asked, choiceField, NAMELESS, textField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { anyCode, code, currentPassword, signedByPasskey } from './fields.ts'

/** Shown for one session, or for none: then all others end. */
export const endSessionsForm = form({ name: 'sessions', fields: {}, failures: {} })

export const setUpTwoFactorForm = form({
  name: 'twoFactor.setUp',
  fields: { invitationCode: asked(anyCode), currentPassword: asked(currentPassword) },
  failures: {
    passwordMissing: 'currentPassword',
    passwordWrong: 'currentPassword',
    invitationWrong: 'invitationCode',
  },
})
export const finishTwoFactorForm = form({
  name: 'twoFactor.finish',
  fields: { code },
  failures: { appCodeWrong: 'code', gone: 'form' },
})
export const codesKeptForm = form({ name: 'twoFactor.kept', fields: {}, failures: {} })
export const changeTwoFactorForm = form({
  name: 'twoFactor.changes',
  fields: { intent: choiceField('button', ['renew', 'off']), currentPassword, code: anyCode },
  failures: {
    passwordMissing: 'currentPassword',
    passwordWrong: 'currentPassword',
    secondCodeWrong: 'code',
    twoFactorUnreadable: 'form',
  },
})

/** One of those that the page lists. */
const chosenPasskey: Field<string> = {
  kind: 'picks',
  read: typed => (typed ? { value: typed } : { error: 'choosePasskey' }),
}

/** Before the browser is asked for one. */
export const allowPasskeyForm = form({
  name: 'passkeys.allow',
  fields: { currentPassword, code: anyCode },
  failures: {
    passwordMissing: 'currentPassword',
    passwordWrong: 'currentPassword',
    secondCodeWrong: 'code',
    twoFactorUnreadable: 'form',
    tooManyPasskeys: 'form',
  },
})
export const addPasskeyForm = form({
  name: 'passkeys.add',
  fields: { name: textField(60, NAMELESS), response: signedByPasskey },
  failures: { passkeyRefused: 'form', tooManyPasskeys: 'form' },
})
export const removePasskeyForm = form({
  name: 'passkeys.remove',
  fields: { passkey: chosenPasskey, currentPassword: asked(currentPassword) },
  failures: { passwordMissing: 'currentPassword', passwordWrong: 'currentPassword' },
})
