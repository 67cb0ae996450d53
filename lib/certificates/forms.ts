// What an application asks, and what is checked.
import { certificateKinds, locales } from '../../db/enums.ts'
import {
  checkNipt,
  checkPersonalNumber,
  confirmNipt,
  confirmPersonalNumber,
  firstName,
  lastName,
  nameField,
  nipt,
  personalNumber,
} from '../accounts/fields.ts'
import { biller, contractCode } from '../billers/fields.ts'
import { asked, choiceField, optional, shapedField, textField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { env } from '../platform/env.ts'
import { readCertificateCode } from './rules.ts'

/** Chosen on the page before. */
const chosen = <V>(field: Field<V>) => ({ ...field, kind: 'hidden' }) as Field<V>

/** Of a contract of the customer's as its holder; a page leaves out what its kind does not ask. */
export const certificateForm = form({
  name: 'certificate',
  fields: {
    kind: choiceField('hidden', certificateKinds),
    biller: chosen(biller),
    contractCode: chosen(contractCode),
    firstName: asked(firstName),
    lastName: asked(lastName),
    fatherName: asked(nameField('off')),
    personalNumber: asked(personalNumber),
    confirmPersonalNumber: asked(confirmPersonalNumber),
    nipt: asked(nipt),
    confirmNipt: asked(confirmNipt),
    businessName: asked(textField(120, { autoComplete: 'organization' })),
    // It is on the paper on the applicant's word alone.
    legalRepresentative: asked(nameField('name')),
    holder: asked(textField(120)),
    language: choiceField('select', locales),
    intent: choiceField('button', ['apply', 'pay']),
  },
  groups: {
    person: [['firstName', 'lastName'], 'fatherName', 'personalNumber', 'confirmPersonalNumber'],
    business: ['nipt', 'confirmNipt', 'businessName', 'legalRepresentative', 'holder'],
    paper: ['language'],
  },
  together: read => ({ ...checkPersonalNumber(read), ...checkNipt(read) }),
  failures: {
    kindNotOfContract: 'form',
    alreadyApplied: 'form',
    paymentUnderWay: 'form',
    noSigningKey: 'form',
    contractGone: 'form',
  },
})

/** Checks a certificate by its code or by its file: one of both. */
export const certificateCheckForm = form({
  name: 'certificateCheck',
  fields: {
    code: optional(shapedField(40, 'certificateCodeForm', readCertificateCode)),
    document: {
      kind: 'files',
      megabytes: () => env().DOCUMENT_MAX_MB,
      passing: 'application/pdf,.pdf',
      read: codes => ({ value: codes }),
    } as Field<string[]>,
  },
  failures: { certificateUnknown: 'code', codeOrFile: 'code', codeAndFile: 'code' },
})
