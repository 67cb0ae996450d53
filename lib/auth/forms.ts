// The forms of sessions and of two-factor.
import { asked, choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { anyCode, code, currentPassword } from './fields.ts'

/** Shown for one session, or for none: then all others end. */
export const endSessionsForm = form({ name: 'sessions', fields: {}, failures: {} })

export const setUpTwoFactorForm = form({
  name: 'secondStep.setUp',
  fields: { invitationCode: asked(anyCode), currentPassword: asked(currentPassword) },
  failures: {
    passwordMissing: 'currentPassword',
    passwordWrong: 'currentPassword',
    invitationWrong: 'invitationCode',
  },
})
export const finishTwoFactorForm = form({
  name: 'secondStep.finish',
  fields: { code },
  failures: { appCodeWrong: 'code', gone: 'form' },
})
export const codesKeptForm = form({ name: 'secondStep.kept', fields: {}, failures: {} })
export const changeTwoFactorForm = form({
  name: 'secondStep.changes',
  fields: { intent: choiceField('button', ['renew', 'off']), currentPassword, code: anyCode },
  failures: {
    passwordMissing: 'currentPassword',
    passwordWrong: 'currentPassword',
    secondCodeWrong: 'code',
    secondStepUnreadable: 'form',
  },
})
