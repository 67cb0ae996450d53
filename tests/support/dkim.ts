// Checks an e-mail's DKIM signature as a mailbox does (RFC 6376, relaxed/relaxed), with the public key at hand.
import { createHash, createVerify, type KeyObject } from 'node:crypto'

const relaxedHeader = (line: string) => {
  const [name, ...rest] = line.split(':')
  return `${name!.toLowerCase().trim()}:${rest.join(':').replace(/\s+/g, ' ').trim()}`
}

const relaxedBody = (body: string) => {
  const lines = body.split('\r\n').map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  return `${lines.join('\r\n').replace(/(\r\n)*$/, '')}\r\n`
}

/** The names of the headers that it signs; undefined where the signature is none of the key's over this mail. */
export function verifiedHeaders(source: string, publicKey: KeyObject): string[] | undefined {
  const end = source.indexOf('\r\n\r\n')
  const headers = source.slice(0, end).split(/\r\n(?![ \t])/)
  const signature = headers.find(header => /^dkim-signature:/i.test(header))
  if (!signature) return undefined
  const tags = Object.fromEntries(
    signature
      .slice('dkim-signature:'.length)
      .split(';')
      .map(tag => {
        const [name, ...value] = tag.split('=')
        return [name!.trim(), value.join('=').replace(/\s+/g, '')]
      }),
  )
  const body = createHash('sha256')
    .update(relaxedBody(source.slice(end + 4)))
    .digest('base64')
  if (body !== tags.bh) return undefined
  const names = tags.h!.split(':').map(name => name.toLowerCase())
  const signed = names.flatMap(name =>
    headers.filter(header => header.toLowerCase().startsWith(`${name}:`)).slice(-1),
  )
  const unsigned = relaxedHeader(signature.replace(/(\bb=)[^;]*/, '$1')).replace(/\r\n$/, '')
  const verify = createVerify('sha256').update([...signed.map(relaxedHeader), unsigned].join('\r\n'))
  return verify.verify(publicKey, tags.b!, 'base64') ? names : undefined
}
