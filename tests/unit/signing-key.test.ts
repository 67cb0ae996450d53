// The key that certificates are signed with: read once, and refused with a sentence where it cannot sign.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signingFile, testSigner } from '../support/signing.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-signing-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())
beforeEach(() => vi.resetModules())

/** As a process that starts with these settings has it. */
async function signerOf(key: string | undefined, chain: string | undefined) {
  vi.stubEnv('CERTIFICATE_KEY_FILE', key)
  vi.stubEnv('CERTIFICATE_CHAIN_FILE', chain)
  const { log } = await import('../../lib/platform/log.ts')
  const warn = vi.spyOn(log, 'warn').mockReturnValue()
  const { getSigner } = await import('../../lib/certificates/signing-key.ts')
  return { signer: getSigner(), again: getSigner(), warnings: warn.mock.calls.map(([, words]) => words) }
}

const write = (name: string, content: string) => {
  fs.writeFileSync(path.join(folder, name), content)
  return path.join(folder, name)
}

const made = (name: string, ...options: string[]) => {
  const file = path.join(folder, name)
  execFileSync('openssl', ['genpkey', '-out', file, ...options], { stdio: 'pipe' })
  return file
}

describe('the key', () => {
  const [current, next] = [signingFile('current'), signingFile('next')]

  it('is none where no setting names it', async () => {
    expect((await signerOf(undefined, undefined)).signer).toBeUndefined()
  })

  it('is read once', async () => {
    const { signer, again, warnings } = await signerOf(current, current)
    expect(signer!.chain).toEqual(testSigner('current').chain)
    expect(again).toBe(signer)
    expect(warnings).toEqual([])
  })

  it('is told of in the log where its certificate has expired', async () => {
    const expired = signingFile('expired')
    const { signer, warnings } = await signerOf(expired, expired)
    expect(signer!.chain).toEqual(testSigner('expired').chain)
    expect(warnings).toEqual(['the certificate of CERTIFICATE_CHAIN_FILE is not valid now'])
  })

  it.each<[string, string, () => [string | undefined, string | undefined]]>([
    ['one setting alone', 'The setting CERTIFICATE_CHAIN_FILE is missing.', () => [current, undefined]],
    ['the other one alone', 'The setting CERTIFICATE_KEY_FILE is missing.', () => [undefined, current]],
    [
      'no file',
      'The file of CERTIFICATE_KEY_FILE cannot be read (ENOENT).',
      () => [path.join(folder, 'none'), current],
    ],
    [
      'no key',
      'The file of CERTIFICATE_KEY_FILE holds no private key as PEM without a password.',
      () => [write('no-key', 'key'), current],
    ],
    [
      'a key that signs differently each time',
      'The key of CERTIFICATE_KEY_FILE is no RSA key.',
      () => [made('ec', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'), current],
    ],
    [
      'a short key',
      'The key of CERTIFICATE_KEY_FILE has less than 3072 bits.',
      () => [made('short', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'), current],
    ],
    [
      'no certificate',
      'The file of CERTIFICATE_CHAIN_FILE holds no certificates as PEM, or one that cannot be read.',
      () => [current, write('empty', '')],
    ],
    [
      'a spoilt certificate',
      'The file of CERTIFICATE_CHAIN_FILE holds no certificates as PEM, or one that cannot be read.',
      () => [current, write('spoilt', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
    ],
    [
      'somebody else’s certificate',
      'The first certificate of CERTIFICATE_CHAIN_FILE does not belong to the key of CERTIFICATE_KEY_FILE.',
      () => [current, next],
    ],
    [
      'certificates that do not belong together',
      'Certificate 2 of CERTIFICATE_CHAIN_FILE has not issued the one before it.',
      () => [current, write('both', fs.readFileSync(current, 'utf8') + fs.readFileSync(next, 'utf8'))],
    ],
  ])('is refused: %s', async (_, sentence, files) => {
    await expect(signerOf(...files())).rejects.toThrow(sentence)
  })

  it('of a demonstration is made once, for its owner alone', async () => {
    vi.stubEnv('DATA_DIR', path.join(folder, 'demonstration'))
    vi.stubEnv('DEMO', 'on')
    const start = async () => {
      vi.resetModules()
      vi.stubEnv('CERTIFICATE_KEY_FILE', undefined)
      vi.stubEnv('CERTIFICATE_CHAIN_FILE', undefined)
      const { readSettings } = await import('../../bin/start/settings.ts')
      const { CERTIFICATE_KEY_FILE: key, CERTIFICATE_CHAIN_FILE: chain } = readSettings()
      const { signer, warnings } = await signerOf(key, chain)
      expect(warnings).toEqual([])
      expect(fs.statSync(key!).mode & 0o777).toBe(0o600)
      return signer!.chain[0].toString('hex')
    }
    expect(await start()).toBe(await start())
  })
})
