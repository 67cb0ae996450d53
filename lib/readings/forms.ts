// The forms about readings that customers send.
import { readingPhotos } from '../files/fields.ts'
import { asked, boxField, optional, shapedField, textField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { readReading } from './rules.ts'

const LONGEST = 16
const register = shapedField(LONGEST, 'readingForm', readReading, { inputMode: 'decimal', short: true })

/** Shown for a contract of the customer's; `lowReading` where its meter has two registers. */
export const readingForm = form({
  name: 'reading',
  fields: {
    currentReading: register,
    lowReading: asked(register),
    /** Asked once more, of what is many times the usual use. */
    confirmReading: boxField(undefined, { after: 'readingUnusual' }),
    meterNumber: optional(textField(30, { short: true })),
    documents: readingPhotos,
  },
  failures: {
    readingBelow: 'currentReading',
    readingBelowOther: 'currentReading',
    readingUnusual: 'currentReading',
    readingSentToday: 'form',
    documentsGone: 'documents',
  },
})

/** Shown for a reading of the customer's own. */
export const withdrawReadingForm = form({
  name: 'withdrawReading',
  fields: {},
  failures: {},
})
