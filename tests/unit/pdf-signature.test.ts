// Signed PDFs as poppler, OpenSSL and our own check read them, whole and spoilt.
import { execFile, execFileSync } from 'node:child_process'
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Sheet } from '../../lib/pdf/sheet.ts'
import {
  checkSignature,
  fingerprintOf,
  type Signer,
  signatureRoom,
  signPdf,
} from '../../lib/pdf/signature.ts'
import { pagesOf, readPdf } from '../support/pdf.ts'
import { testSigner } from '../support/signing.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-signed-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

function documentWith(room: number | undefined, text = 'Nuk ka detyrime të papaguara.'): Buffer {
  const at = new Date('2026-11-27T09:30:00Z')
  const sheet = new Sheet({
    title: 'Vërtetim debie',
    author: 'OSHEE',
    locale: 'sq',
    continued: '…',
    madeAt: at,
  })
  sheet.letterhead({ name: 'OSHEE', details: [] })
  sheet.text('H1', { text: 'Vërtetim debie' }, { weight: 'bold', size: 16 }).draw()
  for (let line = 0; line < 80; line++) sheet.text('P', { text }).draw()
  const foot = (page: number, pages: number) => ({ left: 'VD-2026-000184', right: `${page} / ${pages}` })
  return sheet.finish(foot, { signature: room === undefined ? undefined : { room, at } })
}

const signed = (signer: Signer, text?: string) => signPdf(documentWith(signatureRoom(signer), text), signer)

const current = testSigner('current')
const known = [testSigner('next'), current].map(({ chain }) => chain[0])
const file = await signed(current)
const gap = { start: file.indexOf('<', file.indexOf('/ByteRange')), end: 0 }
gap.end = file.indexOf('>', gap.start) + 1

function withByte(at: number, value: number): Buffer {
  const copy = Buffer.from(file)
  copy[at] = value
  return copy
}

const signedBy = ({ chain }: Signer) => ({ signedBy: fingerprintOf(chain[0]) })

/** What pdfsig prints, also where it finds nothing to check. */
const pdfsig = (pdf: Buffer): Promise<string> => {
  const name = path.join(folder, `${randomUUID()}.pdf`)
  fs.writeFileSync(name, pdf)
  return new Promise(resolve =>
    execFile('pdfsig', ['-nocert', name], (_, output) => {
      fs.rmSync(name)
      resolve(output)
    }),
  )
}

/** Throws where OpenSSL does not agree that the signature is one of CAdES over the document. */
function verifyWithOpenssl(pdf: Buffer, authority: Buffer): void {
  const [start, end] = /\/ByteRange \[0 (\d+) (\d+) /.exec(pdf.toString('latin1'))!.slice(1).map(Number)
  const write = (name: string, content: string | Buffer) => {
    fs.writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  execFileSync(
    'openssl',
    [
      ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-purpose', 'any', '-out', '/dev/null'],
      ...['-in', write('cms', Buffer.from(pdf.toString('latin1', start! + 1, end! - 1), 'hex'))],
      ...['-content', write('content', Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]))],
      ...['-CAfile', write('authority', new X509Certificate(authority).toString())],
    ],
    { stdio: 'pipe' },
  )
}

describe('a signed document', () => {
  it('is valid and whole for poppler and OpenSSL, and ours', async () => {
    const seen = await pdfsig(file)
    expect(seen).toContain('Total document signed')
    expect(seen).toContain('Signature is Valid.')
    expect(seen).toContain('ETSI.CAdES.detached')
    verifyWithOpenssl(file, current.chain[0])
    expect(await checkSignature(file, known)).toEqual(signedBy(current))
  })

  it('is tagged, with its fonts, and shows nothing of the signature', () => {
    expect(readPdf('pdfinfo', file)).toMatch(/Tagged: +yes/)
    const [, , ...fonts] = readPdf('pdffonts', file).trim().split('\n')
    expect(fonts.length).toBeGreaterThan(0)
    for (const font of fonts) expect(font).toMatch(/ yes yes yes /)
    const plain = documentWith(undefined)
    expect(readPdf('pdftotext', file)).toBe(readPdf('pdftotext', plain))
    expect(pagesOf(file)).toBe(2)
  })

  it('is the same file each time', async () => {
    expect((await signed(current)).equals(file)).toBe(true)
  })

  it('says when it is said to be made in its dictionary alone', async () => {
    expect(await pdfsig(file)).toContain('Nov 27 2026 09:30:00')
    expect(file.toString('latin1', gap.start, gap.end)).not.toContain(SIGNING_TIME)
  })

  it('is signed only where there is room', async () => {
    await expect(signPdf(documentWith(undefined), current)).rejects.toThrow('no room for a signature')
    const room = signatureRoom(current)
    await expect(signPdf(documentWith(room - 1), current)).rejects.toThrow(
      `The signature takes ${room} bytes and has room for ${room - 1}.`,
    )
    const roomy = await signPdf(documentWith(room + 100), current)
    expect(await checkSignature(roomy, known)).toEqual(signedBy(current))
    expect(await pdfsig(roomy)).toContain('Signature is Valid.')
  })

  it('is still ours when its certificate has expired, and when the key was exchanged', async () => {
    const expired = testSigner('expired')
    expect(await checkSignature(await signed(expired), [...known, expired.chain[0]])).toEqual(
      signedBy(expired),
    )
    expect(await checkSignature(await signed(testSigner('next')), known)).toEqual(
      signedBy(testSigner('next')),
    )
  })

  it('holds a chain of certificates', async () => {
    const { signer, root } = makeChain()
    const chained = await signed(signer)
    expect(await pdfsig(chained)).toContain('Signature is Valid.')
    verifyWithOpenssl(chained, root)
    expect(await checkSignature(chained, [signer.chain[0]])).toEqual(signedBy(signer))
    // What vouches for it may vouch for others, and is held as fast as the rest.
    const whole = root.toString('hex')
    const spoilt = `${whole.slice(0, -1)}${whole.endsWith('0') ? '1' : '0'}`
    const changed = Buffer.from(chained.toString('latin1').replace(whole, spoilt), 'latin1')
    expect(await checkSignature(changed, [signer.chain[0]])).toEqual({ why: 'changed' })
    expect(await checkSignature(chained, signer.chain.slice(1))).toEqual({ why: 'notOurs' })
  })
})

/** The beginning of the attribute that PAdES forbids: its type, as hex. */
const SIGNING_TIME = '06092a864886f70d010905'

/** A certificate, of an authority, of a root; each key made by OpenSSL. */
function makeChain(): { signer: Signer; root: Buffer } {
  const name = (file: string) => path.join(folder, file)
  const openssl = (...options: string[]) => execFileSync('openssl', options, { stdio: 'pipe' })
  const issue = (subject: string, bits: number, extension: string, issuer?: string) =>
    openssl(
      ...['req', '-x509', '-newkey', `rsa:${bits}`, '-nodes', '-days', '30', '-subj', `/CN=${subject}`],
      ...['-keyout', name(`${subject}.key`), '-out', name(`${subject}.crt`), '-addext', extension],
      ...(issuer ? ['-CA', name(`${issuer}.crt`), '-CAkey', name(`${issuer}.key`)] : []),
    )
  issue('Root', 2048, 'basicConstraints=critical,CA:TRUE')
  issue('Authority', 2048, 'basicConstraints=critical,CA:TRUE', 'Root')
  issue('Company', 3072, 'keyUsage=critical,digitalSignature', 'Authority')
  const der = (subject: string) => new X509Certificate(fs.readFileSync(name(`${subject}.crt`))).raw
  return {
    signer: {
      key: createPrivateKey(fs.readFileSync(name('Company.key'))),
      chain: [der('Company'), der('Authority'), der('Root')],
    },
    root: der('Root'),
  }
}

describe('what is not a document of ours as it was signed', () => {
  const byte = Buffer.from('\n')
  const other = Buffer.from('%PDF-1.7\n')

  it.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ['no PDF', 'notPdf', () => Buffer.concat([byte, file])],
    ['nothing', 'notPdf', () => Buffer.alloc(0)],
    ['a document that was never signed', 'unsigned', () => documentWith(undefined)],
    ['the beginning of one', 'unsigned', () => file.subarray(0, 60)],
    ['a place that was never filled', 'partial', () => documentWith(signatureRoom(current))],
    ['a byte appended', 'partial', () => Buffer.concat([file, byte])],
    ['cut off', 'partial', () => file.subarray(0, -1)],
    ['the file twice', 'partial', () => Buffer.concat([file, file])],
    ['the file within another one', 'partial', () => Buffer.concat([other, file])],
    ['a changed byte', 'changed', () => withByte(file.length - 100, 0)],
    ['nothing as signature', 'changed', () => Buffer.from(file).fill('0', gap.start + 1, gap.end - 1)],
    ['the signature of another document', 'changed', async () => withSignatureOf(await signed(current, 'x'))],
    ['signed by a stranger', 'notOurs', () => signed(testSigner('stranger'))],
  ])('%s', async (_, why, make) => {
    expect(await checkSignature(await make(), known)).toEqual({ why })
  })

  it('somebody else’s signature of a document of ours, with the certificate of ours put in', async () => {
    const foreign = await signed(testSigner('stranger'))
    const [theirs, ours] = [testSigner('stranger').chain[0], current.chain[0]].map(der => der.toString('hex'))
    const text = foreign.toString('latin1')
    expect(text).toContain(theirs)
    const swapped = Buffer.from(text.replace(theirs!, ours!), 'latin1')
    expect('why' in (await checkSignature(swapped, known))).toBe(true)
  })
})

function withSignatureOf(other: Buffer): Buffer {
  const start = other.indexOf('<', other.indexOf('/ByteRange'))
  return Buffer.concat([
    file.subarray(0, gap.start),
    other.subarray(start, start + gap.end - gap.start),
    file.subarray(gap.end),
  ])
}

const SAMPLES = process.env.DEEP ? 1000 : 10

describe('any byte that is changed', () => {
  it('outside the signature spoils it, for poppler too', async () => {
    const signature = gap.end - gap.start
    const changes = fc
      .sample(fc.tuple(fc.nat(file.length - signature - 1), fc.integer({ min: 1, max: 255 })), SAMPLES)
      .map(([nth, mask]) => ({ at: nth < gap.start ? nth : nth + signature, mask }))
    const check = async () => {
      for (let change = changes.pop(); change; change = changes.pop()) {
        const spoilt = withByte(change.at, file[change.at]! ^ change.mask)
        const seen = await pdfsig(spoilt)
        const isValid = seen.includes('Signature is Valid.') && seen.includes('Total document signed')
        const found = await checkSignature(spoilt, known)
        expect({ ...change, isValid, isOurs: 'signedBy' in found }).toEqual({
          ...change,
          isValid: false,
          isOurs: false,
        })
      }
    }
    await Promise.all(Array.from({ length: 4 }, check))
  })

  it('inside the signature is called a change', async () => {
    const digit = fc.constantFrom(...Buffer.from('0123456789abcdefABCDEF'))
    const values = fc.oneof(digit, digit, fc.nat(255))
    const changes = fc.sample(fc.tuple(fc.integer({ min: gap.start, max: gap.end - 1 }), values), SAMPLES * 5)
    for (const [at, value] of changes) {
      if (file[at] === value) continue
      const found = await checkSignature(withByte(at, value), known)
      expect({ at, value, found }).toEqual({ at, value, found: { why: 'changed' } })
    }
  })
})
