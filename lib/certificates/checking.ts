// Checks a certificate for whoever was given it: by its code, or by its file. Nothing is told that its paper does not say.
import { createHash } from 'node:crypto'
import { eq, type SQL, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { certificates, sealingCertificates } from '../../db/schema/certificates.ts'
import type { Answer, FileSteps, Input } from '../forms/form.ts'
import { filesIn } from '../forms/sent.ts'
import { checkSignature } from '../pdf/signature.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTry, returnTry } from '../platform/rate-limits.ts'
import { fail, ok } from '../platform/result.ts'
import { seal, unseal } from '../platform/seal.ts'
import type { certificateCheckForm } from './forms.ts'
import { hasNewerInvoice } from './newer-invoice.ts'
import { validityOf } from './rules.ts'
import type { CertificateContent } from './schema.ts'

export type CheckedCertificate = NonNullable<Awaited<ReturnType<typeof findCertificate>>>

/** As it is now, asked anew each time; undefined where nothing has this code. */
export const findCertificate = (code: string) => checked(eq(certificates.code, code))

async function checked(which: SQL) {
  const [row] = await database()
    .select({
      number: certificates.number,
      code: certificates.code,
      kind: certificates.kind,
      initials: certificates.initials,
      business: sql<CertificateContent['business']>`${certificates.content} -> 'business'`,
      asOf: certificates.asOf,
      revokedAt: certificates.revokedAt,
      supersededAt: certificates.supersededAt,
      hasNewerInvoice,
      contracts: sql<CertificateContent['contracts']>`${certificates.content} -> 'contracts'`,
      total: sql<CertificateContent['total']>`${certificates.content} -> 'total'`,
      biller: {
        code: billers.code,
        name: billers.name,
        country: billers.country,
        currency: billers.currency,
        timeZone: billers.timeZone,
      },
    })
    .from(certificates)
    .innerJoin(billers, eq(billers.id, certificates.billerId))
    .where(which)
  return (
    row && {
      ...row,
      contracts: row.contracts.map(({ address: _, ...contract }) => contract),
      validity: validityOf(row),
    }
  )
}

/**
 * Who asks for codes that nothing has is kept from asking for more of them, by form and by address alike. A right one is answered in any
 * case: nobody else behind the same address can be kept from it, and 80 bits are not guessed.
 */
export async function checkCode(
  code: string,
  address: string | null,
): Promise<Answer<CheckedCertificate, 'certificateUnknown'>> {
  const found = await findCertificate(code)
  if (found) return ok(found)
  const seconds = await countTry(limits.certificateMisses(), { address })
  return seconds > 0 ? { ok: false, code: 'wait', seconds } : fail('certificateUnknown')
}

/** What the form gives: where the certificate is shown, and `mark`, which says there that it is this very file's. */
export async function checkForm(
  { code: typed }: Input<typeof certificateCheckForm>,
  [code]: string[],
  { address, browser }: { address: string | null; browser: string | undefined },
  now: Date,
): Promise<Answer<{ code: string; mark?: string }, 'certificateUnknown' | 'codeOrFile' | 'codeAndFile'>> {
  if (typed !== undefined && code !== undefined) return fail('codeAndFile')
  if (code !== undefined) return ok({ code, mark: sealFileCheck(code, browser, now) })
  if (typed === undefined) return fail('codeOrFile')
  const found = await checkCode(typed, address)
  return found.ok ? ok({ code: typed }) : found
}

const PURPOSE = 'certificate file checked'
const MARK_MINUTES = 10

/** Says on the certificate's page, to this browser alone, that its very file was checked. */
const sealFileCheck = (code: string, browser: string | undefined, now: Date): string =>
  seal(JSON.stringify([code, browser ?? null, now.getTime()]), PURPOSE)

/** When the file of this certificate was checked by this browser, a moment ago. */
export function fileCheckedAt(
  mark: unknown,
  code: string,
  browser: string | undefined,
  now: Date,
): Date | undefined {
  const opened = typeof mark === 'string' ? unseal(mark, PURPOSE) : undefined
  if (opened === undefined) return undefined
  const [of, by, at] = JSON.parse(opened) as [string, string | null, number]
  const isOwn = of === code && by !== null && by === browser
  return isOwn && at > now.getTime() - MARK_MINUTES * 60_000 ? new Date(at) : undefined
}

/** Judges the file of the form as it arrives, and keeps nothing of it: its id is the code of the certificate that it is. */
export const certificateFile: FileSteps<{ address: string | null }> = {
  take: async ({ address }, sent) => {
    const taken = { ids: [], refused: [], seconds: 0, files: { kept: [] } }
    const [file, another] = filesIn(sent, 'document')
    if (!file) return taken
    if (another) return { ...taken, refused: [{ error: 'codeAndFile' }] }
    const megabytes = env().DOCUMENT_MAX_MB
    if (file.size > megabytes * 1_000_000)
      return { ...taken, refused: [{ error: 'documentsTooLarge', values: { megabytes } }] }
    const seconds = await countTry(limits.certificateFiles(), { address })
    if (seconds > 0) return { ...taken, seconds }
    const found = await checkFile(Buffer.from(await file.arrayBuffer()))
    if ('why' in found) return { ...taken, refused: [{ error: found.why }] }
    await returnTry(limits.certificateFiles(), { address })
    return { ...taken, ids: [found.code] }
  },
  recheck: async (_, taken) => taken,
}

/** Why a file is not one of ours as it was issued. */
export type NotGenuine = 'notPdf' | 'unsigned' | 'partial' | 'changed' | 'notOurs'

/** The code of the certificate whose file this is to the last byte; else what is wrong with it. */
export async function checkFile(file: Buffer): Promise<{ code: string } | { why: NotGenuine }> {
  const fileHash = createHash('sha256').update(file).digest('hex')
  const [issued] = await database()
    .select({ code: certificates.code })
    .from(certificates)
    .where(eq(certificates.fileHash, fileHash))
  if (issued) return issued
  const known = await database()
    .select({ certificate: sealingCertificates.certificate })
    .from(sealingCertificates)
  const found = await checkSignature(
    file,
    known.map(({ certificate }) => certificate),
  )
  // Sealed by a key of ours, and not as it was issued.
  return 'why' in found ? { why: found.why } : { why: 'notOurs' }
}
