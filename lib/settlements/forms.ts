// The form with which a supervisor loads a bank's settlement file.
import { type Field, form } from '../forms/form.ts'
import { env } from '../platform/env.ts'

const account: Field<number> = {
  kind: 'select',
  read: typed => (/^\d{1,4}$/.test(typed) ? { value: Number(typed) } : { error: 'chooseAccount' }),
}

/** Files larger than this are loaded from the command line. */
const file: Field<string[]> = {
  kind: 'files',
  megabytes: () => env().DOCUMENT_MAX_MB,
  passing: 'text/csv,.csv',
  read: names => (names.length === 0 ? { error: 'fileRequired' } : { value: names }),
}

export const settlementForm = form({
  name: 'settlements.load',
  fields: { account, file },
  failures: { tooLarge: 'file', tooManyRows: 'file', notUtf8: 'file', notCsv: 'file', columnMissing: 'file' },
})
