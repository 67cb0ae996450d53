// The forms that file cases, and the one with which staff move them.
import { type CaseMove, caseMoves } from '../../db/enums.ts'
import {
  checkNipt,
  checkPersonalNumber,
  confirmNipt,
  email,
  identifier,
  nipt,
  phone,
  registrant,
} from '../accounts/fields.ts'
import { biller, contractCode } from '../billers/fields.ts'
import { documents, requestDocuments } from '../files/fields.ts'
import {
  asked,
  boxField,
  choiceField,
  idsField,
  noteField,
  optional,
  requiredNoteField,
  shapedField,
  textField,
} from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { readCode, readDay } from '../platform/typed.ts'
import { INSTALMENTS, requestCodes, requestTypes } from './catalogue.ts'
import { parseId } from './schema.ts'
import { readSearch } from './search.ts'

const note = noteField(1000)

const READING_DIGITS = 12
const NOTE_CHARACTERS = 2000
const chosenMonths: Field<string | undefined> = {
  kind: 'select',
  options: INSTALMENTS,
  read: typed => ({ value: INSTALMENTS.find(months => months === typed) }),
}
const chosenInvoice: Field<string | undefined> = {
  kind: 'picks',
  read: typed => ({ value: /^\d{1,15}$/.test(typed) ? typed : undefined }),
}

/**
 * Any request or complaint, shown for a `contract` of the customer's; a page leaves out what its kind does not ask
 * (lib/cases/catalogue.ts).
 */
export const requestForm = form({
  name: 'request',
  fields: {
    type: choiceField('hidden', requestTypes),
    kind: choiceField('hidden', requestCodes),
    invoice: asked(chosenInvoice),
    currentReading: asked(
      optional(
        shapedField(
          READING_DIGITS,
          'readingForm',
          typed => /^\d+([.,]\d+)?$/.exec(readCode(typed).replaceAll(' ', ''))?.[0],
          {
            inputMode: 'decimal',
            short: true,
          },
        ),
      ),
    ),
    meterNumber: asked(optional(textField(30, { short: true }))),
    newValue: asked(optional(textField(200))),
    months: asked(chosenMonths),
    note: requiredNoteField(NOTE_CHARACTERS),
    documents: requestDocuments,
    intent: choiceField('button', ['send', 'save']),
  },
  groups: {
    invoice: ['invoice'],
    meter: [['currentReading', 'meterNumber']],
    what: ['newValue', 'months', 'note'],
    papers: ['documents'],
  },
  failures: {
    kindNotOffered: 'form',
    invoiceUnknown: 'invoice',
    documentsGone: 'documents',
    draftTooLong: 'note',
  },
})

const { meterNumber, currentReading, newValue, months } = requestForm.fields
/** Beside what else is corrected, from a list. */
const invoice = asked<string | undefined>({ ...chosenInvoice, kind: 'select' })
/** What may be corrected of a request; a page leaves out what its kind does not ask. */
const corrected = { invoice, currentReading, meterNumber, newValue, months }
const refusedMoves = { invoiceUnknown: 'invoice', documentsGone: 'documents' } as Record<
  string,
  'invoice' | 'documents'
>

/** The answer to what staff ask about a `case` of its owner's, of which they saw so many events (`seen`). */
export const answerForm = form({
  name: 'requests.answer',
  fields: { ...corrected, note: noteField(NOTE_CHARACTERS), documents: requestDocuments },
  failures: refusedMoves,
})

/** Changes what a `case` of its owner's says, or adds documents, while nobody has begun with it. */
export const amendForm = form({
  name: 'requests.amend',
  fields: { ...corrected, note: requiredNoteField(NOTE_CHARACTERS), documents: requestDocuments },
  failures: refusedMoves,
})

/** Writes to staff about a `case` of its owner's. */
export const writeForm = form({
  name: 'requests.write',
  fields: { note: requiredNoteField(NOTE_CHARACTERS) },
  failures: { noteRequired: 'note' } as Record<string, 'note'>,
})

/** Takes back a `case` of its owner's. */
export const withdrawRequestForm = form({
  name: 'requests.withdraw',
  fields: {},
  failures: {} as Record<string, 'form'>,
})

/** Shown for a `draft` of a request. */
export const discardForm = form({
  name: 'request.discard',
  fields: {},
  failures: {} as Record<string, 'form'>,
})

/** Adds a day off to the `year` of a `country`, of which the page saw so many changes (`seen`); so the one below. */
export const addDayOffForm = form({
  name: 'daysOff.add',
  fields: {
    on: shapedField(14, 'dayForm', readDay, { short: true }),
    name: textField(80),
    source: textField(120),
    isProvisional: boxField(),
  },
  failures: { otherYear: 'on', taken: 'on' } as Record<string, 'on' | 'form'>,
})

/** One day of it (`on`), or, to confirm, all of it. */
export const changeDaysOffForm = form({
  name: 'daysOff.change',
  fields: { intent: choiceField('button', ['confirm', 'remove', 'confirmYear']) },
  failures: {} as Record<string, 'form'>,
})

/** An earlier registration holds the sender's details. */
export const disputeForm = form({
  name: 'dispute',
  fields: { ...registrant, phone, email, note, documents },
  groups: {
    contract: ['biller', 'contractCode'],
    person: [['firstName', 'lastName'], 'personalNumber', 'confirmPersonalNumber', 'phone', 'email'],
    proof: ['note', 'documents'],
  },
  together: checkPersonalNumber,
  failures: { contractUnknown: 'contractCode', documentsGone: 'documents' },
})

/** A business is the sender's. */
export const businessForm = form({
  name: 'business',
  fields: {
    biller,
    nipt,
    confirmNipt,
    businessName: textField(120, { autoComplete: 'organization' }),
    legalRepresentative: textField(120),
    documents,
  },
  together: checkNipt,
  failures: { businessAdded: 'nipt', documentsGone: 'documents' },
})

/** Staff ask that an account be a contract's holder no longer. */
export const withdrawalForm = form({
  name: 'withdrawal',
  fields: { identifier, biller, contractCode, note: requiredNoteField(1000) },
  failures: {
    noAccount: 'identifier',
    ownAccount: 'identifier',
    noContract: 'contractCode',
    notRecognised: 'contractCode',
    holderAnyway: 'contractCode',
    alreadyAsked: 'contractCode',
  },
})

/** Shown for a `case` of its owner's. */
export const withdrawForm = form({
  name: 'business.withdraw',
  fields: {},
  failures: {} as Record<string, 'form'>,
})

const chosenColleague: Field<string | undefined> = {
  kind: 'select',
  read: typed => ({ value: parseId(typed) }),
}

/** Shown for a `case` to whoever wants to read what is masked in it. */
export const unmaskForm = form({
  name: 'cases.unmask',
  fields: {},
  failures: {} as Record<string, 'form'>,
})

/** Looks for the requests that have this number, or are about the contract with this code. */
export const searchForm = form({
  name: 'cases.search',
  fields: { search: shapedField(60, 'searchForm', readSearch) },
  failures: {},
})

/** Shown for a `case`, of which so many events were `seen`. What a kind refuses with is said of the form as a whole. */
export const moveForm = form({
  name: 'cases',
  fields: {
    chosen: idsField({ once: true }),
    /** Asked once more, of what was chosen. */
    confirmed: idsField({ once: true, after: 'confirmClosing', follows: 'chosen' }),
    note,
    documents: requestDocuments,
    /** To whom it is handed over. */
    handTo: asked(chosenColleague),
    intent: choiceField('button', Object.keys(caseMoves) as CaseMove[]),
  },
  failures: {
    noteRequired: 'note',
    placeOpen: 'note',
    documentsGone: 'documents',
    colleagueUnknown: 'handTo',
  } as Record<string, 'note' | 'documents' | 'handTo' | 'form'>,
})
