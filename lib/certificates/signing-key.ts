// The key that debt certificates are signed with, from the files that the settings name (docs/decisions/0049-signed-documents.md).
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Signer } from '../pdf/signature.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'

const LEAST_BITS = 3072

/** What names its files. */
export const SIGNING_SETTINGS = ['CERTIFICATE_KEY_FILE', 'CERTIFICATE_CHAIN_FILE'] as const

let signer: Signer | undefined

/**
 * Read once a process; undefined where the settings name none. Throws an Error of one sentence that says what is wrong with the files; a
 * certificate that has expired is no error, but told of in the log.
 */
export function getSigner(): Signer | undefined {
  const { CERTIFICATE_KEY_FILE, CERTIFICATE_CHAIN_FILE } = env()
  if (CERTIFICATE_KEY_FILE && CERTIFICATE_CHAIN_FILE)
    signer ??= readSigner(CERTIFICATE_KEY_FILE, CERTIFICATE_CHAIN_FILE, clock.now())
  return signer
}

/** Until when its certificate counts; undefined where there is none. */
export function signerEndsAt(): Date | undefined {
  const own = getSigner()?.chain[0]
  return own && new X509Certificate(own).validToDate
}

/** The key and its certificates, from their files; throws as getSigner does. */
export function readSigner(keyFile: string, chainFile: string, now: Date): Signer {
  const key = readKey(read('CERTIFICATE_KEY_FILE', keyFile))
  const [own, ...others] = readChain(read('CERTIFICATE_CHAIN_FILE', chainFile))
  if (!own.checkPrivateKey(key))
    throw new Error(
      'The first certificate of CERTIFICATE_CHAIN_FILE does not belong to the key of CERTIFICATE_KEY_FILE.',
    )
  others.forEach((issuer, index) => {
    if (![own, ...others][index]!.checkIssued(issuer))
      throw new Error(`Certificate ${index + 2} of CERTIFICATE_CHAIN_FILE has not issued the one before it.`)
  })
  const { validFromDate, validToDate } = own
  if (now < validFromDate || now > validToDate)
    log.warn(
      { from: validFromDate, to: validToDate },
      'the certificate of CERTIFICATE_CHAIN_FILE is not valid now',
    )
  return { key, chain: [own.raw, ...others.map(({ raw }) => raw)] }
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The file of ${setting} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function readKey(pem: string): KeyObject {
  const key = tried(() => createPrivateKey(pem))
  if (!key)
    throw new Error('The file of CERTIFICATE_KEY_FILE holds no private key as PEM without a password.')
  // Other kinds of keys sign differently each time.
  if (key.asymmetricKeyType !== 'rsa') throw new Error('The key of CERTIFICATE_KEY_FILE is no RSA key.')
  if (key.asymmetricKeyDetails!.modulusLength! < LEAST_BITS)
    throw new Error(`The key of CERTIFICATE_KEY_FILE has less than ${LEAST_BITS} bits.`)
  return key
}

function readChain(pem: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? []
  const [first, ...others] = tried(() => blocks.map(block => new X509Certificate(block))) ?? []
  if (!first)
    throw new Error(
      'The file of CERTIFICATE_CHAIN_FILE holds no certificates as PEM, or one that cannot be read.',
    )
  return [first, ...others]
}

/** Undefined where it throws. */
function tried<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
