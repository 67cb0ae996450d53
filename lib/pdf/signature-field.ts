// The empty place for a signature in a PDF, which lib/pdf/signature.ts fills: a field that is seen nowhere on the page.

/** `room`: bytes of the signature (`signatureRoom`). `at`: when it is said to be made, which nobody vouches for. */
export type SignatureField = { room: number; at: Date }

/** No number of a real range has more digits. */
const UNKNOWN = 9_999_999_999

/** The range of what is signed, before anybody knows it. */
export const EMPTY_RANGE = `[0 ${UNKNOWN} ${UNKNOWN} ${UNKNOWN}]`

/** Hidden and locked (ISO 32000-1, table 165): readers list it, and no structure has to tell of it. */
const HIDDEN_AND_LOCKED = 2 | 128
/** There is a signature, and whatever changes the document must only append to it (table 219). */
const SIGNATURES_EXIST = 1 | 2

/** Puts it on the present page of a document that is about to end, and returns the object that has to stay as it is written. */
export function addSignatureField(document: PDFKit.PDFDocument, { room, at }: SignatureField): number {
  const ref = (data: object) => document.ref(data) as unknown as Reference
  const signature = ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, UNKNOWN, UNKNOWN, UNKNOWN],
    Contents: Buffer.alloc(room),
    M: at,
  })
  const { page } = document
  const field = ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: new String('Signature'),
    V: signature,
    F: HIDDEN_AND_LOCKED,
    Rect: [0, 0, 0, 0],
    P: page.dictionary,
  })
  page.annotations.push(field)
  const inside = document as unknown as Inside
  inside._root.data.AcroForm = ref({ Fields: [field], SigFlags: SIGNATURES_EXIST, DR: { Font: {} } })
  // pdfkit ends the form with the document, and asks for a font that this one does not need.
  inside._acroform = { fonts: {}, defaultFont: 'none' }
  signature.end()
  field.end()
  return signature.id
}

/** What pdfkit's types leave out. */
type Reference = { id: number; end: () => void }
type Inside = {
  _root: { data: Record<string, unknown> }
  _acroform: { fonts: Record<string, unknown>; defaultFont: string }
}
