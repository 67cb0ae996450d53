// A passkey in software: makes and signs what a browser and its device do (WebAuthn level 3, ES256), with no attestation or with a maker's (FIDO U2F).
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Signer } from '../../lib/pdf/signature.ts'

const USER_PRESENT = 1
const USER_VERIFIED = 4
const HAS_CREDENTIAL = 64

export type Says = {
  origin?: string
  host?: string
  verified?: boolean
  counter?: number
  maker?: Signer
  transports?: unknown
}

export class Authenticator {
  readonly id = randomBytes(16)
  readonly #keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  })
  #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  /** What `navigator.credentials.create` gives, as JSON. */
  create(challenge: string, says: Says = {}): string {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' })
    const coordinate = (text: string) => cborBytes(Buffer.from(text, 'base64url'))
    // COSE: kty EC2, alg ES256, crv P-256, x, y.
    const key = Buffer.concat([
      Buffer.from('a5010203262001', 'hex'),
      Buffer.from('21', 'hex'),
      coordinate(x!),
      Buffer.from('22', 'hex'),
      coordinate(y!),
    ])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, key])
    const data = Buffer.concat([this.#head(says, HAS_CREDENTIAL), credential])
    const client = this.#client('webauthn.create', challenge, says)
    const { maker, transports = ['internal'] } = says
    const point = Buffer.concat([
      Buffer.from([4]),
      Buffer.from(x!, 'base64url'),
      Buffer.from(y!, 'base64url'),
    ])
    const signed = Buffer.concat([Buffer.alloc(1), data.subarray(0, 32), sha256(client), this.id, point])
    const attestation = Buffer.concat([
      Buffer.from('a3', 'hex'),
      ...[cborText('fmt'), cborText(maker ? 'fido-u2f' : 'none'), cborText('attStmt')],
      maker ? statement(maker, signed) : Buffer.from('a0', 'hex'),
      ...[cborText('authData'), cborBytes(data)],
    ])
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports,
    })
  }

  /** What `navigator.credentials.get` gives, as JSON. */
  get(challenge: string, says: Says = {}): string {
    const client = this.#client('webauthn.get', challenge, says)
    const data = this.#head(says)
    const signed = Buffer.concat([data, sha256(client)])
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: createSign('sha256').update(signed).sign(this.#keys.privateKey).toString('base64url'),
    })
  }

  #answer(response: Record<string, unknown>): string {
    const id = this.id.toString('base64url')
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response })
  }

  #client = (type: string, challenge: string, { origin = this.#origin }: Says) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  #head({ host, verified = true, counter = 0 }: Says, more = 0): Buffer {
    const tail = Buffer.alloc(5)
    tail[0] = USER_PRESENT | (verified ? USER_VERIFIED : 0) | more
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(Buffer.from(host ?? new URL(this.#origin).hostname)), tail])
  }
}

const statement = ({ key, chain }: Signer, signed: Buffer) =>
  Buffer.concat([
    Buffer.from('a2', 'hex'),
    ...[cborText('sig'), cborBytes(createSign('sha256').update(signed).sign(key))],
    ...[cborText('x5c'), Buffer.from('81', 'hex'), cborBytes(chain[0]!)],
  ])

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
const cborText = (text: string) => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])

function cborBytes(bytes: Buffer): Buffer {
  const head = Buffer.from(
    bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 255],
  )
  return Buffer.concat([head, bytes])
}
