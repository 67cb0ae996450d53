// The forms of an account.

import type { MessageChannel } from '../../db/enums.ts'
import { anyCode, code, currentPassword, newPassword, refusedPassword, repeated } from '../auth/fields.ts'
import { asked, boxesField, choiceField, passwordField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { type NoticeKind, noticeKinds } from '../notifications/notice-kinds.ts'
import {
  acceptTerms,
  checkPersonalNumber,
  email,
  identifier,
  phoneForCodes,
  registrant,
  to,
  username,
} from './fields.ts'
import { passwordFault, TERMS_VERSION } from './schema.ts'

/** What is said of the password and the code that changes of an account ask for. */
const CONFIRMED = { passwordMissing: 'currentPassword', passwordWrong: 'currentPassword' } as const
const WITH_CODE = {
  secondCodeMissing: 'secondCode',
  secondCodeWrong: 'secondCode',
  twoFactorUnreadable: 'form',
} as const

const newPasswords = { newPassword, newPasswordConfirm: newPassword }
const together = (read: { newPassword?: string; newPasswordConfirm?: string }) => ({
  newPasswordConfirm: repeated(read.newPassword, read.newPasswordConfirm),
})

export const signInForm = form({
  name: 'signIn',
  fields: { identifier, password: passwordField('current-password', 'wrongSignIn'), to },
  failures: { wrongSignIn: 'form' },
})

export const registerForm = form({
  name: 'register',
  version: TERMS_VERSION,
  fields: {
    ...registrant,
    username,
    email,
    phone: phoneForCodes,
    password: newPassword,
    passwordConfirm: newPassword,
    acceptTerms,
  },
  groups: {
    contract: ['biller', 'contractCode'],
    person: [['firstName', 'lastName'], 'personalNumber', 'confirmPersonalNumber'],
    access: ['username', 'email', 'phone', 'password', 'passwordConfirm', 'acceptTerms'],
  },
  together: read => ({
    ...checkPersonalNumber(read),
    password: read.password && passwordFault(read.password, read.username, read.email),
    passwordConfirm: repeated(read.password, read.passwordConfirm),
  }),
  failures: {
    conflict: 'form',
    detailsMismatch: 'form',
    passwordCommon: 'password',
    passwordOwnWords: 'password',
    phoneCountry: 'phone',
    smsBudget: 'form',
  },
})

/** A field a kind: by which channels it comes. */
const channelsOf = <Kind extends NoticeKind>(kinds: readonly Kind[]) =>
  Object.fromEntries(kinds.map(kind => [kind, boxesField(noticeKinds[kind].channels)])) as Record<
    Kind,
    Field<MessageChannel[]>
  >

/** Days that every month has. */
const DAYS = Array.from({ length: 28 }, (_, index) => String(index + 1))
const NO_DAY = 'none'

const ALL_BY = ['email:on', 'email:off', 'sms:on', 'sms:off'] as const

const aboutContracts = {
  invoices: ['new-invoice', 'due-soon', 'overdue', 'invoice-changed'],
  payments: ['payment', 'receipt'],
  supply: ['disconnection', 'outage', 'requests'],
} as const satisfies Record<string, NoticeKind[]>

/**
 * Of all contracts; of one of them without what is of none (`statement`, `statementDay`). `asForAll`: what was chosen for all
 * counts for it again. `email:on` and the like: as ticked, but all of the channel or nothing.
 */
export const noticeChoicesForm = form({
  name: 'noticeChoices',
  fields: {
    ...channelsOf(Object.values(aboutContracts).flat()),
    statementDay: asked(choiceField('select', [NO_DAY, ...DAYS])),
    statement: asked(channelsOf(['statement']).statement),
    intent: choiceField('button', ['save', 'asForAll', ...ALL_BY]),
  },
  groups: { ...aboutContracts, payday: ['statementDay', 'statement'] },
  failures: {},
})

export const changePasswordForm = form({
  name: 'changePassword',
  fields: { username, currentPassword, ...newPasswords, secondCode: asked(anyCode) },
  together,
  failures: {
    ...CONFIRMED,
    ...WITH_CODE,
    ...refusedPassword,
    usernameWrong: 'username',
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
  failures: {
    codeWrong: 'code',
    codeTries: 'code',
    codeExpired: 'code',
    codeForOther: 'form',
    contactTaken: 'form',
  },
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
