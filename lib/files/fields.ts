// The field for documents.
import type { Field } from '../forms/form.ts'

/** What is wrong with each is said when they are taken (forms.ts). */
export const documents: Field<string[]> = { kind: 'files', read: ids => ({ value: ids }) }
