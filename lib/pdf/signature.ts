// Signs PDFs that have a signature field, and tells whether a signed file is still what was signed, and by whom.
import type { KeyObject } from 'node:crypto'
import { Certificate } from 'pkijs'
import { decodeCms, derOf, encodeCms, isSignedWith, sha256, signatureOf, signedData } from './cms.ts'
import { EMPTY_RANGE } from './signature-field.ts'

/** An RSA key, whose signatures are the same each time, and its certificates as DER: its own, then those that vouch for it. */
export type Signer = { key: KeyObject; chain: [Buffer, ...Buffer[]] }

export type CheckedSignature =
  | { signedBy: string }
  | { why: 'notPdf' | 'unsigned' | 'partial' | 'changed' | 'notOurs' }

/** Under which a certificate (DER) is known: its SHA-256. */
export const fingerprintOf = (certificate: Buffer): string => sha256(certificate).toString('hex')

const RANGE_KEY = '/ByteRange '
const NO_DIGEST = Buffer.alloc(32)

/** Bytes that the signer's signatures take: all take as many. */
export function signatureRoom({ key, chain }: Signer): number {
  const bytes = key.asymmetricKeyDetails!.modulusLength! / 8
  return encodeCms(signedData(NO_DIGEST, chain, Buffer.alloc(bytes))).length
}

/** The document with its field filled: the same one is the same file. Throws where the field is missing, or has too little room. */
export async function signPdf(pdf: Buffer, { key, chain }: Signer): Promise<Buffer> {
  const at = pdf.indexOf(RANGE_KEY + EMPTY_RANGE)
  if (at < 0) throw new Error('The document has no room for a signature.')
  const [start, end] = [pdf.indexOf('<', at), pdf.indexOf('>', at) + 1]
  const range = `[0 ${start} ${end} ${pdf.length - end}]`.padEnd(EMPTY_RANGE.length)
  const before = Buffer.concat([
    pdf.subarray(0, at),
    Buffer.from(RANGE_KEY + range),
    pdf.subarray(at + RANGE_KEY.length + EMPTY_RANGE.length, start),
  ])
  const after = pdf.subarray(end)
  const digest = sha256(before, after)
  const signed = signedData(digest, chain)
  const signingKey = key.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
  await signed.sign(signingKey as CryptoKey, 0, 'SHA-256')
  const signature = signatureOf(signed.signerInfos[0]!)
  const contents = encodeCms(signedData(digest, chain, signature)).toString('hex')
  const room = end - start - 2
  if (contents.length > room)
    throw new Error(`The signature takes ${contents.length / 2} bytes and has room for ${room / 2}.`)
  return Buffer.concat([before, Buffer.from(`<${contents.padEnd(room, '0')}>`), after])
}

/** More is no signature of ours, and not worth reading. */
const MOST_HEX = 200_000

/**
 * Whose signature a file bears: the fingerprint of that certificate, which is one of `known` (DER). Or why it is none of ours:
 * `partial` where it does not cover the file as it is, `changed` where it does and does not fit, or cannot be read. That a
 * certificate has expired since changes nothing: whether the file is whole and whether it is valid are two questions.
 */
export async function checkSignature(file: Buffer, known: Buffer[]): Promise<CheckedSignature> {
  if (!file.subarray(0, 5).equals(Buffer.from('%PDF-'))) return { why: 'notPdf' }
  const at = file.indexOf('/ByteRange')
  if (at < 0) return { why: 'unsigned' }
  const gap = file.includes('/ByteRange', at + 1) ? undefined : gapOf(file, at)
  if (!gap) return { why: 'partial' }
  const hex = file.toString('latin1', gap.start, gap.end)
  if (hex.length > MOST_HEX || !/^<([0-9a-f]{2})+>$/i.test(hex)) return { why: 'changed' }
  const parts = [file.subarray(0, gap.start), file.subarray(gap.end)]
  try {
    return await checkContents(hex.slice(1, -1), parts, known)
  } catch {
    return { why: 'changed' }
  }
}

/** What the only range of a file leaves out, where that is all that it leaves out. */
function gapOf(file: Buffer, at: number): { start: number; end: number } | undefined {
  const range = /^\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(
    file.toString('latin1', at, at + 200),
  )
  if (!range) return undefined
  const [from, start, end, rest] = range.slice(1).map(Number) as [number, number, number, number]
  return from === 0 && start < end && end + rest === file.length ? { start, end } : undefined
}

/** Throws where the signature cannot be read, or its digest is another one. */
async function checkContents(hex: string, parts: Buffer[], known: Buffer[]): Promise<CheckedSignature> {
  const signed = decodeCms(Buffer.from(hex, 'hex'))
  const { signerCertificate, signatureVerified } = await signed.verify({
    signer: 0,
    data: new Uint8Array(Buffer.concat(parts)).buffer,
    extendedMode: true,
  })
  if (!signatureVerified) return { why: 'changed' }
  const signer = derOf(signerCertificate!)
  if (!known.some(certificate => isSignedWith(certificate, signed))) return { why: 'notOurs' }
  const others = (signed.certificates ?? [])
    .filter(one => one instanceof Certificate)
    .map(derOf)
    .filter(certificate => !certificate.equals(signer))
  const signature = signatureOf(signed.signerInfos[0]!)
  const ours = encodeCms(signedData(sha256(...parts), [signer, ...others], signature)).toString('hex')
  if (hex !== ours.padEnd(hex.length, '0')) return { why: 'changed' }
  return known.some(certificate => certificate.equals(signer))
    ? { signedBy: fingerprintOf(signer) }
    : { why: 'notOurs' }
}
