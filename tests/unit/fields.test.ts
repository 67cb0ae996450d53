// The fields that forms share: what is typed right is read, what is wrong is named, and all of it in one pass.
import { expect, it } from 'vitest'
import {
  acceptTerms,
  checkNipt,
  checkPersonalNumber,
  confirmNipt,
  email,
  firstName,
  identifier,
  nipt,
  personalNumber,
  phone,
  phoneForCodes,
  registrant,
  username,
} from '../../lib/accounts/fields.ts'
import { changePasswordForm, emailChangeForm } from '../../lib/accounts/forms.ts'
import { anyCode, code, currentPassword, newPassword, repeated } from '../../lib/auth/fields.ts'
import { contractCode } from '../../lib/billers/fields.ts'
import { meterProofForm, nameForm, numberProofForm } from '../../lib/contracts/forms.ts'
import { boxesField, optional, textField } from '../../lib/forms/fields.ts'
import { type Fields, form } from '../../lib/forms/form.ts'
import { readFields, readSent } from '../../lib/forms/sent.ts'

const sent = (fields: Fields, typed: Record<string, string>) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(typed)) data.append(name, value)
  return readSent(fields, data)
}
/** The errors by field; nothing where all is right. */
const wrongOf = (
  of: Parameters<typeof readFields>[0],
  typed: Record<string, string>,
  without: string[] = [],
) => {
  const read = readFields(of, sent(of.fields, typed), without)
  return read.ok ? {} : Object.fromEntries(read.wrong.map(({ field, error }) => [field, error]))
}

const person = form({
  name: 'test',
  fields: {
    ...registrant,
    phone: phoneForCodes,
    email,
    username,
    password: newPassword,
    passwordConfirm: newPassword,
    acceptTerms,
  },
  together: read => ({
    ...checkPersonalNumber(read),
    passwordConfirm: repeated(read.password, read.passwordConfirm),
  }),
  failures: {},
})
const RIGHT = {
  biller: 'kesco',
  contractCode: 'dpr\u00a06687',
  firstName: 'Ge\u0308zim\u200b',
  lastName: ' D’Angelo ',
  personalNumber: '123 456 7892',
  phone: '383 44 123 456',
  email: 'Gezim+1@C\u0327elik.example ',
  username: 'Gezim.1',
  password: ' Kumbulla 99 ',
  passwordConfirm: ' Kumbulla 99 ',
  acceptTerms: 'on',
}

it('reads every field as it is stored', () => {
  const read = readFields(person, sent(person.fields, RIGHT))
  expect(read).toEqual({
    ok: true,
    input: {
      biller: 'kesco',
      contractCode: 'DPR-6687',
      firstName: 'Gëzim',
      lastName: "D'Angelo",
      personalNumber: '1234567892',
      confirmPersonalNumber: false,
      phone: '+38344123456',
      email: 'gezim+1@xn--elik-zoa.example',
      username: 'gezim.1',
      password: ' Kumbulla 99 ',
      passwordConfirm: ' Kumbulla 99 ',
      acceptTerms: true,
    },
  })
})

it.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'nothing',
    {},
    {
      biller: 'chooseBiller',
      acceptTerms: 'acceptTerms',
      ...Object.fromEntries(
        [
          'contractCode',
          'firstName',
          'lastName',
          'personalNumber',
          'phone',
          'email',
          'username',
          'password',
          'passwordConfirm',
        ].map(name => [name, 'required']),
      ),
    },
  ],
  [
    'what is wrong everywhere',
    {
      biller: 'oshee',
      contractCode: 'DPR-6687',
      firstName: 'http://elsewhere.example',
      lastName: '\u200b',
      personalNumber: '1234567893',
      phone: '044 123 456',
      email: 'gëzim@example.com',
      username: '1x',
      password: 'a'.repeat(129),
      passwordConfirm: 'b',
    },
    {
      contractCode: 'contractCodeForm',
      firstName: 'nameForm',
      lastName: 'required',
      personalNumber: 'personalNumberCheck',
      phone: 'phoneForm',
      email: 'emailForm',
      username: 'usernameRule',
      password: 'passwordLong',
      acceptTerms: 'acceptTerms',
    },
  ],
  // What goes together is told although something else is wrong.
  [
    'two passwords and no terms',
    { ...RIGHT, passwordConfirm: 'Kumbulla 98', acceptTerms: '' },
    { passwordConfirm: 'passwordsDiffer', acceptTerms: 'acceptTerms' },
  ],
  [
    'no biller, but a phone of either country',
    { ...RIGHT, biller: '', phone: '044123456' },
    { biller: 'chooseBiller' },
  ],
  [
    'a number that is right although its check digit is not',
    { ...RIGHT, personalNumber: '1234567893', confirmPersonalNumber: 'on' },
    {},
  ],
  ['a phone of a country that gets no codes', { ...RIGHT, phone: '+18762100000' }, { phone: 'phoneCountry' }],
  ['too much', { ...RIGHT, firstName: 'a'.repeat(61) }, { firstName: 'tooLong' }],
])('of %s tells all at once', (_, typed, wrong) => {
  expect(wrongOf(person, typed)).toEqual(wrong)
})

it('a phone that is only written down may be of any country', () => {
  expect(phone.read('+1 876 210 0000', {})).toEqual({ value: '+18762100000' })
})

it.each<[Record<string, string>, Record<string, string>]>([
  [{}, { nipt: 'required' }],
  [{ nipt: 'x' }, { nipt: 'businessNumberForm' }],
  [{ nipt: 'J91402501X' }, { nipt: 'businessNumberCheck' }],
  [{ nipt: 'J91402501X', confirmNipt: 'on' }, {}],
  [{ nipt: 'j 91402501 l' }, {}],
])('of the business %j what is wrong is %j', (typed, wrong) => {
  const business = form({ name: 'test', fields: { nipt, confirmNipt }, together: checkNipt, failures: {} })
  expect(wrongOf(business, typed)).toEqual(wrong)
})

it.each(['Blerta', 'Đorđe', 'Ана', 'Ana-Marija', "D'Angelo", 'Çelik e Re', 'Dž. Ilić'])(
  '%s is a name',
  name => {
    expect(firstName.read(` ${name} `, {})).toEqual({ value: name })
  },
)
it.each(['http://elsewhere.example', 'Win 100', '{code}', '<b>Ana</b>', 'Ana\nBcc: x@y.z', 'www@x', '.-'])(
  '%j is no name',
  name => expect(firstName.read(name, {})).toEqual({ error: 'nameForm' }),
)

it.each(['123456', '123 456', ' 123-456 ', '123\u00a0456', '123–456', '１２３４５６', '\u200b123456'])(
  '%j is the code 123456, of a message or an app',
  typed => {
    expect(code.read(typed, {})).toEqual({ value: '123456' })
    expect(anyCode.read(typed, {})).toEqual({ value: '123456' })
  },
)
it.each(['12345', '1234567', 'abcdef', '-'])('%j is no code of a message', typed => {
  expect(code.read(typed, {})).toEqual({ error: 'codeForm' })
})
it('recovery codes may be typed in any grouping', () => {
  for (const typed of ['7kq2m-x9rtb', '7KQ2M X9RTB', '7kq2m–x9rtb', '7kq2mx9rtb'])
    expect(anyCode.read(typed, {})).toEqual({ value: '7KQ2MX9RTB' })
  expect(anyCode.read(' - ', {})).toEqual({ error: 'required' })
})

it('codes and passwords are secret, and nothing else that is asked for', () => {
  const secret = [code, anyCode, currentPassword, newPassword]
  const shown = [contractCode, phone, email, username, identifier, personalNumber, nipt]
  expect(secret.map(field => field.secret)).toEqual([true, true, true, true])
  expect(shown.map(field => field.secret)).toEqual(shown.map(() => undefined))
})

it('what a page left out is not asked for, and undefined', () => {
  const email = 'ana@example.com'
  expect(wrongOf(emailChangeForm, { email })).toEqual({ currentPassword: 'required', secondCode: 'required' })
  const typed = { email, currentPassword: 'typed all the same' }
  expect(
    readFields(emailChangeForm, sent(emailChangeForm.fields, typed), ['currentPassword', 'secondCode']),
  ).toEqual({
    ok: true,
    input: { email },
  })
  expect(
    wrongOf(changePasswordForm, { newPassword: 'a', newPasswordConfirm: 'b', currentPassword: 'c' }, [
      'secondCode',
    ]),
  ).toEqual({ username: 'required', newPasswordConfirm: 'passwordsDiffer' })
})

it.each([
  ['2596,60', '2596.60'],
  ['2 596,60 Lekë', '2596.60'],
  ['2.596,60', '2596.60'],
  ['€1,234.50', '1234.50'],
  ['２５９６,６０', '2596.60'],
  ['214', '214'],
  ['1.234', '1234'],
])('reads the total %s as %s', (typed, plain) => {
  expect(numberProofForm.fields.invoiceTotal.read(typed, {})).toEqual({ value: plain })
})
it('a reading has digits', () => {
  expect(wrongOf(meterProofForm, { meterNumber: 'M 1', currentReading: 'none' })).toEqual({
    currentReading: 'readingForm',
  })
})

it('a name of a contract may be none', () => {
  expect(nameForm.fields.alias.read('\u200b ', {})).toEqual({ value: undefined })
  expect(nameForm.fields.alias.read(' Shtëpia  100% ', {})).toEqual({ value: 'Shtëpia 100%' })
  expect(optional(textField(3)).read('abcd', {})).toEqual({ error: 'tooLong', values: { max: 3 } })
})

it('boxes are those that the form has', () => {
  const boxes = boxesField(['email', 'sms'])
  expect(boxes.kind === 'boxes' && boxes.read(['sms', 'other'], {})).toEqual({ value: ['sms'] })
})
