// Keys and certificates that tests sign with. Making one takes up to seconds: each is made once on a machine.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { selfSigned } from '../../bin/start/self-signed.ts'
import type { Signer } from '../../lib/pdf/signature.ts'

const YEAR_MS = 365 * 86_400_000
const TO = { current: 20, next: 20, stranger: 20, expired: -1 }
type Name = keyof typeof TO

/** The path of a PEM file with a key and its certificate; `next` is what `current` is exchanged for. */
export function signingFile(name: Name): string {
  const folder = path.join(os.tmpdir(), 'drita-signing-keys')
  const file = path.join(folder, `${name}.pem`)
  fs.mkdirSync(folder, { recursive: true })
  if (!fs.existsSync(file)) {
    const now = Date.now()
    const { key, certificate } = selfSigned(
      `Drita (${name})`,
      new Date(now - 2 * YEAR_MS),
      new Date(now + TO[name] * YEAR_MS),
    )
    // Renamed when whole: another process may be about to read it.
    fs.writeFileSync(`${file}.${process.pid}`, key + certificate)
    fs.renameSync(`${file}.${process.pid}`, file)
  }
  return file
}

export function testSigner(name: Name): Signer {
  const pem = fs.readFileSync(signingFile(name), 'utf8')
  return { key: createPrivateKey(pem), chain: [new X509Certificate(pem).raw] }
}
