// The CMS of a signed PDF (RFC 5652, PAdES baseline EN 319 142-1): one signer, its certificates, and three signed attributes.
import { createHash, verify, X509Certificate } from 'node:crypto'
import { Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs'

const SHA_256 = '2.16.840.1.101.3.4.2.1'
const SHA_256_WITH_RSA = '1.2.840.113549.1.1.11'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'

export const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const algorithm = (algorithmId: string) =>
  new AlgorithmIdentifier({ algorithmId, algorithmParams: new Null() })

/**
 * What signs a document with this SHA-256; certificates are DER, the signer's first. The same input is the same CMS, whatever the
 * others' order: a check makes it anew and compares, so that what is not signed in it cannot be changed either.
 */
export function signedData(digest: Buffer, chain: Buffer[], signature: Uint8Array = Buffer.alloc(0)) {
  const [signer, ...others] = chain as [Buffer, ...Buffer[]]
  const { issuer, serialNumber } = certificateOf(signer)
  return new SignedData({
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: SignedData.ID_DATA }),
    digestAlgorithms: [algorithm(SHA_256)],
    // DER has the elements of a set in the order of their bytes.
    certificates: chain.toSorted(Buffer.compare).map(certificateOf),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer, serialNumber }),
        digestAlgorithm: algorithm(SHA_256),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          // A set too: each is longer than the one before, and begins with its length.
          attributes: [
            new Attribute({
              type: CONTENT_TYPE,
              values: [new ObjectIdentifier({ value: SignedData.ID_DATA })],
            }),
            new Attribute({ type: MESSAGE_DIGEST, values: [octets(digest)] }),
            signingCertificates([signer, ...others.toSorted(Buffer.compare)]),
          ],
        }),
        signatureAlgorithm: algorithm(SHA_256_WITH_RSA),
        signature: octets(signature),
      }),
    ],
  })
}

const octets = (bytes: Uint8Array) => new OctetString({ valueHex: new Uint8Array(bytes).buffer })

/** SHA-256 of every certificate (RFC 5035; that hash is the default and not named), so that none can be exchanged. */
function signingCertificates(certificates: Buffer[]): Attribute {
  const ids = certificates.map(certificate => new Sequence({ value: [octets(sha256(certificate))] }))
  return new Attribute({
    type: SIGNING_CERTIFICATE_V2,
    values: [new Sequence({ value: [new Sequence({ value: ids })] })],
  })
}

export function encodeCms(signed: SignedData): Buffer {
  const content = new ContentInfo({
    contentType: ContentInfo.SIGNED_DATA,
    content: signed.toSchema(true),
  })
  return Buffer.from(content.toSchema().toBER())
}

/** Zeros may follow it. Throws where it is no signed data. */
export function decodeCms(bytes: Uint8Array): SignedData {
  const { contentType, content } = ContentInfo.fromBER(new Uint8Array(bytes))
  if (contentType !== ContentInfo.SIGNED_DATA) throw new Error('This CMS signs nothing.')
  return new SignedData({ schema: content })
}

const certificateOf = (der: Buffer) => Certificate.fromBER(new Uint8Array(der))

export const derOf = (certificate: Certificate): Buffer => Buffer.from(certificate.toSchema().toBER())

/** Whether the key of this certificate made the signature, whatever the certificates that came with it say. */
export function isSignedWith(certificate: Buffer, { signerInfos: [signer] }: SignedData): boolean {
  if (!signer?.signedAttrs) return false
  const attributes = new Uint8Array(signer.signedAttrs.encodedValue)
  return verify('sha256', attributes, new X509Certificate(certificate).publicKey, signatureOf(signer))
}

export const signatureOf = (signer: SignerInfo): Uint8Array => signer.signature.valueBlock.valueHexView
