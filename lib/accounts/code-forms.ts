// The forms of one-time codes and links.
import { anyCode, code, newPassword, refusedPassword, repeated, signedByPasskey } from '../auth/fields.ts'
import { billerCodes } from '../billers/contract-codes.ts'
import { choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { identifier, phoneForCodes, to } from './fields.ts'

export const verifyForm = form({
  name: 'verify',
  fields: { code },
  failures: { codeWrong: 'code', codeTries: 'code', codeExpired: 'code', gone: 'form', conflict: 'form' },
})
/** To the number, which can be corrected: one without a prefix is of the country of the biller. */
export const resendCodeForm = form({
  name: 'verify.another',
  fields: { biller: choiceField('hidden', billerCodes), phone: phoneForCodes },
  failures: { phoneForm: 'phone', phoneCountry: 'phone', tooSoon: 'form', gone: 'form', smsBudget: 'form' },
})

export const signInCodeForm = form({
  name: 'signInCode',
  fields: { code, to },
  failures: { appCodeWrong: 'code', twoFactorUnreadable: 'form' },
})
export const recoveryCodeForm = form({
  name: 'signInCode.recovery',
  fields: { recoveryCode: anyCode, to },
  failures: { recoveryCodeWrong: 'recoveryCode', twoFactorUnreadable: 'form' },
})
/** Instead of a code. */
export const signInPasskeyForm = form({
  name: 'signInCode.passkey',
  fields: { response: signedByPasskey, to },
  failures: { passkeyRefused: 'form', twoFactorUnreadable: 'form' },
})

export const forgotPasswordForm = form({ name: 'forgotPassword', fields: { identifier }, failures: {} })
export const resetCodeForm = form({
  name: 'forgotPassword.code',
  fields: { code },
  failures: { codeWrong: 'code' },
})
export const resetPasswordForm = form({
  name: 'resetPassword',
  fields: { newPassword, newPasswordConfirm: newPassword },
  together: read => ({ newPasswordConfirm: repeated(read.newPassword, read.newPasswordConfirm) }),
  failures: { ...refusedPassword, linkUsed: 'form' },
})

export const verifyEmailForm = form({ name: 'verifyEmail', fields: {}, failures: { emailTaken: 'form' } })
export const undoContactForm = form({
  name: 'undoContact',
  fields: {},
  failures: { contactTaken: 'form' },
})
