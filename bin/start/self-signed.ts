// A key and a certificate that vouches for itself, as PEM: a demonstration signs its documents with them.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { BitString, Integer, Null, Utf8String } from 'asn1js'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  id_BasicConstraints,
  id_KeyUsage,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs'

const COMMON_NAME = '2.5.4.3'
const SHA_256_WITH_RSA = '1.2.840.113549.1.1.11'
/** Digital signature and non-repudiation, the first two of nine bits. */
const KEY_USAGE = new BitString({ valueHex: new Uint8Array([0b1100_0000]).buffer, unusedBits: 6 })

/** RSA of 3072 bits; takes up to a few seconds. */
export function selfSigned(name: string, from: Date, to: Date): { key: string; certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
  const subject = new RelativeDistinguishedNames({
    typesAndValues: [
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new Utf8String({ value: name }) }),
    ],
  })
  const algorithm = new AlgorithmIdentifier({ algorithmId: SHA_256_WITH_RSA, algorithmParams: new Null() })
  const serial = randomBytes(16)
  // A positive number of no fewer bytes.
  serial[0] = (serial[0]! & 0x3f) | 0x40
  const certificate = new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: arrayBuffer(serial) }),
    signature: algorithm,
    issuer: subject,
    subject,
    notBefore: timeOf(from),
    notAfter: timeOf(to),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(
      arrayBuffer(publicKey.export({ type: 'spki', format: 'der' })),
    ),
    extensions: [
      extension(id_BasicConstraints, new BasicConstraints({ cA: false }).toSchema().toBER()),
      extension(id_KeyUsage, KEY_USAGE.toBER()),
    ],
    signatureAlgorithm: algorithm,
  })
  certificate.tbs = certificate.encodeTBS().toBER()
  const signature = sign('sha256', new Uint8Array(certificate.tbs), privateKey)
  certificate.signatureValue = new BitString({ valueHex: arrayBuffer(signature) })
  const base64 = Buffer.from(certificate.toSchema().toBER()).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** X.509 has whole seconds, and years up to 2049 with two digits. */
const timeOf = (date: Date) => {
  const value = new Date(date)
  value.setMilliseconds(0)
  return new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value })
}

const extension = (extnID: string, extnValue: ArrayBuffer) =>
  new Extension({ extnID, critical: true, extnValue })

const arrayBuffer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer
