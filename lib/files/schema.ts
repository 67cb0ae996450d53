// The fields of a form that takes documents.

export const DOCUMENTS_FIELD = 'documents'
