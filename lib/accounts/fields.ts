// The fields about a person and a business, declared once, with what they mean together.
import type { BillerCode } from '../billers/contract-codes.ts'
import { biller, contractCode } from '../billers/fields.ts'
import { readPhone } from '../billers/phones.ts'
import { boxField, NAMELESS, shapedField, textField } from '../forms/fields.ts'
import type { Field } from '../forms/form.ts'
import { readEmail } from '../platform/emails.ts'
import {
  type BusinessNumber,
  businessCheckFits,
  checkDigitFits,
  readBusinessNumber,
  readPersonalNumber,
} from '../platform/identifiers.ts'
import { wayBack } from '../platform/paths.ts'
import { readCode, readName } from '../platform/typed.ts'
import { mayGetCodes } from './sms-limits.ts'

const matching = (text: string, form: RegExp): string | undefined => (form.test(text) ? text : undefined)

/** It stands in messages and is compared with the holder's: no address of a page. */
export const nameField = (autoComplete: 'given-name' | 'family-name' | 'name' | 'off') =>
  shapedField(60, 'nameForm', typed => matching(readName(typed), /^\p{L}[\p{L}\p{M} .'-]*$/u), {
    autoComplete,
  })
export const firstName = nameField('given-name')
export const lastName = nameField('family-name')

export const personalNumber = shapedField(20, 'personalNumberForm', readPersonalNumber, {
  ...NAMELESS,
  short: true,
})
/** The person says that the number is right although its check digit is not. */
export const confirmPersonalNumber = boxField(undefined, { after: 'personalNumberCheck' })
/** For `together`: a check digit that does not fit asks to look again. */
export const checkPersonalNumber = (read: { personalNumber?: string; confirmPersonalNumber?: boolean }) =>
  read.personalNumber === undefined || read.confirmPersonalNumber || checkDigitFits(read.personalNumber)
    ? {}
    : { personalNumber: 'personalNumberCheck' }

/** By what a person registers, and disputes an earlier registration. */
export const registrant = { biller, contractCode, firstName, lastName, personalNumber, confirmPersonalNumber }

/** A business's number. */
export const nipt = shapedField(20, 'businessNumberForm', readBusinessNumber, { ...NAMELESS, short: true })
export const confirmNipt = boxField(undefined, { after: 'businessNumberCheck' })
export const checkNipt = (read: { nipt?: BusinessNumber; confirmNipt?: boolean }) =>
  read.nipt === undefined || read.confirmNipt || businessCheckFits(read.nipt)
    ? {}
    : { nipt: 'businessNumberCheck' }

/** A mobile number, where it has no prefix of the country of the biller chosen before it. */
export const phone = shapedField(
  30,
  'phoneForm',
  (typed, { biller }) => readPhone(typed, biller as BillerCode | undefined),
  { type: 'tel', autoComplete: 'tel', short: true },
)
/** The same where a code goes to it. */
export const phoneForCodes: typeof phone = {
  ...phone,
  read: (typed, others) => {
    const read = phone.read(typed, others)
    return 'value' in read && !mayGetCodes(read.value) ? { error: 'phoneCountry' } : read
  },
}

export const email = shapedField(254, 'emailForm', readEmail, { type: 'email', autoComplete: 'email' })

export const username = shapedField(
  30,
  'usernameRule',
  typed => matching(readCode(typed).toLowerCase(), /^[a-z][a-z0-9._-]{2,29}$/),
  { autoComplete: 'username' },
)

/** A username, an e-mail address or a phone number, to sign in with: identifierKey tells which. */
export const identifier = textField(254, { autoComplete: 'username' })

export const acceptTerms = boxField('acceptTerms')

/** The page that one comes from, or was asked for: a path of this site. */
export const to: Field<string> = { kind: 'hidden', read: typed => ({ value: wayBack.parse(typed) }) }
