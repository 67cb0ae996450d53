// The forms of sessions and of two-factor.
import { asked, choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { anyCode, code, currentPassword } from './fields.ts'

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
