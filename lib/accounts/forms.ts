// The forms of an account.
import { anyCode, code, currentPassword, newPassword, repeated } from '../auth/fields.ts'
import { asked, boxesField, choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { locales } from '../i18n/locale.ts'
import { email, phoneForCodes, username } from './fields.ts'

/** What is said of the password and the code that changes of an account ask for. */
const CONFIRMED = { passwordMissing: 'currentPassword', passwordWrong: 'currentPassword' } as const
const WITH_CODE = {
  secondCodeMissing: 'secondCode',
  secondCodeWrong: 'secondCode',
  secondStepUnreadable: 'form',
} as const

const newPasswords = { newPassword, newPasswordConfirm: newPassword }
const together = (read: { newPassword?: string; newPasswordConfirm?: string }) => ({
  newPasswordConfirm: repeated(read.newPassword, read.newPasswordConfirm),
})

export const preferencesForm = form({
  name: 'account.choices',
  fields: { language: choiceField('select', locales), notices: boxesField(['email', 'sms']) },
  failures: {},
})

export const changePasswordForm = form({
  name: 'changePassword',
  fields: { username, currentPassword, ...newPasswords, secondCode: asked(anyCode) },
  together,
  failures: {
    ...CONFIRMED,
    ...WITH_CODE,
    usernameWrong: 'username',
    passwordRule: 'newPassword',
    passwordCommon: 'newPassword',
  },
})

/** Asked for where the password was not typed a short while ago. */
const confirmed = { currentPassword: asked(currentPassword), secondCode: asked(anyCode) }

export const emailChangeForm = form({
  name: 'contact.email',
  fields: { email, ...confirmed },
  failures: { ...CONFIRMED, ...WITH_CODE, unchanged: 'email', phoneCountry: 'form', smsBudget: 'form' },
})
export const phoneChangeForm = form({
  name: 'contact.phone',
  fields: { phone: phoneForCodes, ...confirmed },
  failures: { ...CONFIRMED, ...WITH_CODE, unchanged: 'phone', phoneCountry: 'phone', smsBudget: 'form' },
})
export const contactCodeForm = form({
  name: 'contact.code',
  fields: { code },
  failures: { codeWrong: 'code', codeTries: 'code', codeExpired: 'code', contactTaken: 'form' },
})
export const resendVerificationForm = form({ name: 'contact.unverified', fields: {}, failures: {} })

export const copyForm = form({
  name: 'ownData.copy',
  fields: { currentPassword: asked(currentPassword) },
  failures: { ...CONFIRMED, copyLimit: 'form' },
})

export const deleteAccountForm = form({
  name: 'ownData.delete',
  // The own username, typed, says that the button was not pressed by accident.
  fields: { username, currentPassword, secondCode: asked(anyCode) },
  failures: {
    ...CONFIRMED,
    ...WITH_CODE,
    usernameWrong: 'username',
    closingUnderWay: 'form',
    closingStaff: 'form',
  },
})
