// What an uploaded document must be: a PDF, JPEG or PNG by its content, whole, and not too large.
import { fileTypeFromBuffer } from 'file-type'

export const documentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type DocumentType = (typeof documentTypes)[number]

/** What an `<input type="file">` offers to choose from; the content decides. */
export const ACCEPT = '.pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png'

/** Readers look for a PDF's end mark in its last kilobyte. */
const PDF_END_WITHIN = 1024
/** The last chunk of every PNG: length 0, IEND, its checksum. */
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex')

/**
 * The type that the first bytes say, where the last ones agree; undefined for anything else, whatever its name. A PNG
 * with something behind its end, and a PDF without an end, are refused. Cameras write behind a JPEG's end, so there the
 * start decides; a document is never shown by the portal itself, only handed over as a file (docs/decisions/0010).
 */
export async function recogniseDocument(bytes: Uint8Array): Promise<DocumentType | undefined> {
  const found = (await fileTypeFromBuffer(bytes))?.mime
  const type = documentTypes.find(one => one === found)
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'application/pdf') return file.subarray(-PDF_END_WITHIN).includes('%%EOF') ? type : undefined
  if (type === 'image/png') return file.subarray(-PNG_END.length).equals(PNG_END) ? type : undefined
  return type
}

/** A name to show: without folders, signs that steer a terminal or the direction of text, and not long. */
export function shownName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? ''
  const clean = base.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim()
  return [...clean].slice(0, 100).join('') || '?'
}
