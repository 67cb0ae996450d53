// The fields of a form that takes documents.

export const DOCUMENTS_FIELD = 'documents'
/** The sealed references of the documents that the form kept, a checked box each. */
export const KEPT_DOCUMENTS_FIELD = 'keptDocuments'
