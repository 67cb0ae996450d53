// The field for documents.
import type { Field } from '../forms/form.ts'
import { env } from '../platform/env.ts'

type FilesField = Extract<Field<string[]>, { kind: 'files' }>

/** What is wrong with each is said when they are taken (forms.ts). */
export const documents: FilesField = {
  kind: 'files',
  megabytes: () => env().DOCUMENT_MAX_MB,
  read: ids => ({ value: ids }),
}

/** Of a request: a photograph fits as it comes from a phone. */
export const requestDocuments: FilesField = {
  ...documents,
  megabytes: () => env().REQUEST_DOCUMENT_MAX_MB,
}

/** Of a reading, about which nobody decides. */
export const readingPhotos: FilesField = { ...requestDocuments, keptFrom: 'sending' }
