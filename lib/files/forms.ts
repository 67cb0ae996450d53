// The documents of a form: checked and stored when they arrive, kept while the rest of the form is corrected.
import { z } from 'zod'
import type { FileSteps, Refusal, TakenFiles } from '../forms/form.ts'
import { filesIn } from '../forms/sent.ts'
import { type FormFiles, KEPT_FILES_FIELD } from '../forms/state.ts'
import { env } from '../platform/env.ts'
import { type Limit, limitOfFiles } from '../platform/limits.ts'
import { errorFacts, log } from '../platform/log.ts'
import { countTry, type Key, returnTry } from '../platform/rate-limits.ts'
import { fail, ok } from '../platform/result.ts'
import { seal, unseal } from '../platform/seal.ts'
import { listClaimable, storeUploads, type Upload } from './commands.ts'
import { MOST_MEGAPIXELS, type PictureQueue, redrawPicture } from './pictures.ts'
import { distinctName, documentName, recogniseDocument, shownName } from './rules.ts'
import { hasScanner, scan } from './scanner.ts'
import { DOCUMENTS_FIELD } from './schema.ts'

/** The person waits for it. */
const SCAN_SECONDS = 5

/** Whose documents these are: an account's, or of a form (its name) that needs none. */
export type Uploader = { accountId: string } | { form: string }

/** `optional`: there need be none. `megabytes`: of the largest; by default those of most forms. */
type How = { key: Key; optional?: boolean; megabytes?: number }

/**
 * Takes the documents of a form, at least one unless they are `optional`: those that it kept from its last answer, and those that
 * arrive with it. What is refused does not cost the rest. `limit`, by `key`: how many such forms are allowed; files are counted in
 * proportion.
 */
export async function takeDocuments(
  form: FormData,
  uploader: Uploader,
  { limit, key, optional = false, megabytes = env().DOCUMENT_MAX_MB }: How & { limit: Limit },
  now: Date,
): Promise<TakenFiles> {
  const most = env().DOCUMENTS_PER_FORM
  const files = filesIn(form, DOCUMENTS_FIELD)
  const accountId = 'accountId' in uploader ? uploader.accountId : null
  const { kept, refused } = await openReferences(form, uploader, accountId, now)
  const room = most - kept.length
  if (files.length > room) refused.push(refusal('documentsLeftOut'))
  else if (!optional && kept.length + refused.length + files.length === 0)
    refused.push(refusal('documentRequired'))

  const fileLimit = limitOfFiles(limit)
  const uploads: Upload[] = []
  let seconds = 0
  for (const file of files.slice(0, room)) {
    seconds = await countTry(fileLimit, key)
    if (seconds > 0) break
    const read = await readDocument(file, megabytes, accountId ? 'accounts' : 'strangers')
    const others = [...kept, ...uploads].map(({ name }) => name)
    if (read.ok) uploads.push({ ...read.value, name: distinctName(read.value.name, others) })
    else {
      refused.push(read.refusal)
      // It was not looked at, and is sent again.
      if (read.refusal.error === 'documentBusy') await returnTry(fileLimit, key)
    }
  }
  const stored = await storeUploads(uploads, accountId, now).catch((error: unknown) => {
    log.error(errorFacts(error), 'documents could not be stored')
    return fail('documentNotStored')
  })
  if (stored.ok) kept.push(...uploads.map(({ name }, index) => ({ id: stored.value[index]!, name })))
  else refused.push(...uploads.map(({ name }) => refusal(stored.code, name)))
  return {
    ids: kept.map(({ id }) => id),
    refused,
    seconds,
    files: { kept: keptDocuments(kept, uploader) },
  }
}

/** The documents again after a command found some of them gone: those are refused. */
export async function withoutGone(taken: TakenFiles, uploader: Uploader, now: Date): Promise<TakenFiles> {
  const accountId = 'accountId' in uploader ? uploader.accountId : null
  const ids = await listClaimable(taken.ids, accountId, now)
  const kept = taken.files.kept.filter((_, index) => ids.includes(taken.ids[index]!))
  const gone = taken.files.kept.filter(file => !kept.includes(file))
  return { ...taken, ids, files: { kept }, refused: gone.map(({ name }) => refusal('documentGone', name)) }
}

/** Both, for the action of a form. `of`: whose documents they are, by what its forms are counted, and how many and how large. */
export const documentSteps = <Who>(
  limit: () => Limit,
  of: (who: Who) => How & { uploader: Uploader },
): FileSteps<Who> => ({
  take: (who, data, now) => {
    const { uploader, ...how } = of(who)
    return takeDocuments(data, uploader, { limit: limit(), ...how }, now)
  },
  recheck: (who, taken, now) => withoutGone(taken, of(who).uploader, now),
})

/** Each text takes what it needs of these. */
const refusal = (error: string, file = '', format = '', megabytes = 0): Refusal => ({
  error,
  values: {
    file,
    format,
    megabytes,
    files: env().DOCUMENTS_PER_FORM,
    quota: env().DOCUMENTS_PER_ACCOUNT,
    megapixels: MOST_MEGAPIXELS,
  },
})

async function readDocument(
  file: File,
  megabytes: number,
  queue: PictureQueue,
): Promise<{ ok: true; value: Upload } | { ok: false; refusal: Refusal }> {
  const refuse = (code: string, format = '') => ({
    ok: false as const,
    refusal: refusal(code, shownName(file.name), format, megabytes),
  })
  if (file.size === 0) return refuse('documentEmpty')
  if (file.size > megabytes * 1_000_000) return refuse('documentSize')
  const found = await recogniseDocument(new Uint8Array(await file.arrayBuffer()))
  if (!found.ok) return refuse(found.code, found.format)
  const { type } = found
  const content = type === 'application/pdf' ? ok(found.bytes) : await redrawPicture(found.bytes, type, queue)
  if (!content.ok) return refuse(content.code)
  const scanned = await scanUpload(content.value)
  if (scanned === 'infected') return refuse('documentInfected')
  return {
    ok: true,
    value: { name: documentName(file.name, type), type, bytes: content.value, scan: scanned },
  }
}

/** Null where there is no scanner, or no answer: then the document is held, and a job asks again. */
async function scanUpload(bytes: Uint8Array): Promise<'clean' | 'infected' | null> {
  if (!hasScanner()) return null
  const found = await scan(bytes, SCAN_SECONDS).catch((error: unknown) => {
    log.warn(errorFacts(error), 'the virus scanner does not answer; a document is held')
  })
  return found === 'clean' || found === 'infected' ? found : null
}

const PURPOSE = 'kept document'
const reference = z.object({ id: z.uuid(), name: z.string(), of: z.string() })
const nameOf = (uploader: Uploader) =>
  'accountId' in uploader ? `account ${uploader.accountId}` : `form ${uploader.form}`

/** Documents as a form shows those that it has: a box each. */
export const keptDocuments = (of: { id: string; name: string }[], uploader: Uploader): FormFiles['kept'] =>
  of.map(({ id, name }) => ({ name, reference: sealReference({ id, name }, uploader) }))

/** Travels through the page, and names a document to nobody but whoever uploaded it. */
const sealReference = (document: { id: string; name: string }, uploader: Uploader): string =>
  seal(JSON.stringify({ ...document, of: nameOf(uploader) }), PURPOSE)

/** The documents that a form kept; one that is gone meanwhile is refused. What was not sealed for this uploader is nothing. */
async function openReferences(form: FormData, uploader: Uploader, accountId: string | null, now: Date) {
  const named = new Map<string, string>()
  for (const value of form.getAll(KEPT_FILES_FIELD).slice(0, env().DOCUMENTS_PER_FORM)) {
    const text = typeof value === 'string' ? unseal(value, PURPOSE) : undefined
    const opened = text ? reference.parse(JSON.parse(text)) : undefined
    if (opened?.of === nameOf(uploader)) named.set(opened.id, opened.name)
  }
  const ids = named.size > 0 ? await listClaimable([...named.keys()], accountId, now) : []
  const kept = ids.map(id => ({ id, name: named.get(id)! }))
  const refused: Refusal[] = [...named]
    .filter(([id]) => !ids.includes(id))
    .map(([, file]) => refusal('documentGone', file))
  return { kept, refused }
}
