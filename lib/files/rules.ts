// What an uploaded document must be: a PDF, JPEG or PNG by its content. And what it is called.
import { fileTypeFromBuffer } from 'file-type'
import type { DocumentType } from '../../db/enums.ts'

export type { DocumentType }

/** What a document is for whoever may see it. `held`: it waits for the virus scanner. Only `clean` and `unscanned` open. */
export type DocumentState = 'clean' | 'unscanned' | 'held' | 'infected' | 'removed'

export function documentState(
  { scan, removed }: { scan: string | null; removed: boolean },
  hasScanner: boolean,
): DocumentState {
  if (scan === 'infected') return 'infected'
  if (removed) return 'removed'
  if (scan === 'clean') return 'clean'
  return hasScanner ? 'held' : 'unscanned'
}

/** What an `<input type="file">` offers to choose from; the content decides. JPEG first: then Safari converts HEIC. */
export const ACCEPT = 'image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf'

/** Readers look for a PDF's start in its first kilobyte, and for its end mark in the last one. */
const PDF_MARK_WITHIN = 1024
const PDF_START = '%PDF-'
/** The trailer's entry, with a reference or a dictionary; not `/EncryptMetadata`. */
const PDF_ENCRYPTED = /\/Encrypt\s*(\d+\s+\d+\s+R|<<)/
const ZIP_START = Buffer.from('PK')
/** What a PDF calls white space (ISO 32000-1, 7.2.2). */
const PDF_WHITE_SPACE = [0, 9, 10, 12, 13, 32]

/** Why a file is not taken: keys of the namespace `errors`. */
export type NotADocument =
  | 'documentType'
  | 'documentHeic'
  | 'documentPicture'
  | 'documentOffice'
  | 'documentArchive'
  | 'documentDamaged'
  | 'documentEncrypted'

/** `format`: what the file is, for people, where that is known. */
export type Recognised =
  | { ok: true; type: DocumentType; bytes: Uint8Array }
  | { ok: false; code: NotADocument; format?: string }

/**
 * What the content is, whatever its name. A picture has only begun like one: decoding it tells (pictures.ts). A PDF is
 * one where readers find its start and its end; what a printer wrote before its start is left out.
 */
export async function recogniseDocument(bytes: Uint8Array): Promise<Recognised> {
  const found = await fileTypeFromBuffer(bytes)
  if (found?.mime === 'image/jpeg' || found?.mime === 'image/png') {
    return { ok: true, type: found.mime, bytes }
  }
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (found && found.mime !== 'application/pdf') return notADocument(found, file)
  const start = file.subarray(0, PDF_MARK_WITHIN).indexOf(PDF_START)
  if (start < 0) return { ok: false, code: 'documentType' }
  const pdf = file.subarray(start)
  if (!endOf(pdf).includes('%%EOF')) return { ok: false, code: 'documentDamaged' }
  if (PDF_ENCRYPTED.test(withoutEscapes(pdf.toString('latin1'))))
    return { ok: false, code: 'documentEncrypted' }
  return { ok: true, type: 'application/pdf', bytes: pdf }
}

/** Any character of a name may be written as `#` and two digits (ISO 32000-1, 7.3.5). */
const withoutEscapes = (pdf: string): string =>
  pdf.replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

/** The last kilobyte before the white space at the end. */
function endOf(pdf: Buffer): Buffer {
  let end = pdf.length
  while (end > 0 && PDF_WHITE_SPACE.includes(pdf[end - 1]!)) end -= 1
  return pdf.subarray(Math.max(0, end - PDF_MARK_WITHIN), end)
}

/** By the endings that file-type gives; `cfb` is what Office wrote until 2007. */
const FORMATS: [RegExp, NotADocument, string?][] = [
  [/^(heic|heif)$/, 'documentHeic', 'HEIC'],
  [/^(doc|dot)/, 'documentOffice', 'Word'],
  [/^(xls|xlt)/, 'documentOffice', 'Excel'],
  [/^(ppt|pot|pps)/, 'documentOffice', 'PowerPoint'],
  [/^(od|ot)[tspg]$/, 'documentOffice', 'OpenDocument'],
  [/^cfb$/, 'documentOffice', 'Microsoft Office'],
  [/^rtf$/, 'documentOffice'],
  [/^(zip|rar|7z|gz|tar)$/, 'documentArchive'],
  [/^tif$/, 'documentPicture', 'TIFF'],
]

/** How the name of an entry begins that only one format has. */
const OFFICE_ENTRIES: Record<string, string> = {
  'word/document': 'Word',
  'xl/workbook': 'Excel',
  'ppt/presentation': 'PowerPoint',
  'content.xml': 'OpenDocument',
  'Index/Document.iwa': 'Apple iWork',
}
const startsAt = (file: Buffer, place: number) => file.subarray(place, place + 2).equals(ZIP_START)
/** From an entry's head to its name: in its place, and in the directory at the end. */
const TO_ENTRY_NAME = [30, 46]

/**
 * The Office format of a ZIP, whatever the order of its entries: file-type knows the one that Word writes, not those of
 * Google Docs and LibreOffice. Looked for by name: a file can be made of nothing but heads.
 */
function officeFormat(zip: Buffer): string | undefined {
  const isEntry = (name: number) => TO_ENTRY_NAME.some(bytes => name >= bytes && startsAt(zip, name - bytes))
  for (const [entry, format] of Object.entries(OFFICE_ENTRIES)) {
    for (let at = zip.indexOf(entry); at >= 0; at = zip.indexOf(entry, at + 1)) {
      if (isEntry(at)) return format
    }
  }
  return undefined
}

function notADocument({ ext, mime }: { ext: string; mime: string }, file: Buffer): Recognised {
  const office = startsAt(file, 0) ? officeFormat(file) : undefined
  if (office) return { ok: false, code: 'documentOffice', format: office }
  const [, code, format] = FORMATS.find(([endings]) => endings.test(ext)) ?? []
  if (code) return { ok: false, code, format: format ?? ext.toUpperCase() }
  if (mime.startsWith('image/')) return { ok: false, code: 'documentPicture', format: ext.toUpperCase() }
  return { ok: false, code: 'documentType' }
}

/** A name to show: without folders, characters that steer a terminal or the direction of text, and not long. */
export function shownName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? ''
  const clean = base.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim()
  return [...clean].slice(0, 100).join('') || '?'
}

/** The endings of a type; the first is given to a name that has none of them. */
const ENDINGS: Record<DocumentType, readonly [string, ...string[]]> = {
  'application/pdf': ['pdf'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
}

/**
 * The name to keep a document under: its own, with an ending of its type. Another ending is taken away, so that no
 * program opens it by that; a number behind a dot (`12.11.2026`) is none.
 */
export function documentName(name: string, type: DocumentType): string {
  const shown = shownName(name).replace(/[. ]+$/, '') || '?'
  const fits = (one: string) => ENDINGS[type].some(ending => one.toLowerCase().endsWith(`.${ending}`))
  if (fits(shown)) return shown
  const stem = shown.replace(/(?<=.)\.(?=\d*[a-z])[a-z\d]{1,5}$/i, '')
  return fits(stem) ? stem : `${stem}.${ENDINGS[type][0]}`
}

/** The name with a number before its ending where others have it already: phones call every photo `image.jpg`. */
export function distinctName(name: string, others: readonly string[]): string {
  let distinct = name
  for (let number = 2; others.includes(distinct); number += 1) {
    distinct = name.replace(/(?=\.[^.]+$)/, `-${number}`)
  }
  return distinct
}
