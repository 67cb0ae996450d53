// What is wrong with the files and folders that settings name.
import { createPrivateKey } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { readSigner } from '../../lib/certificates/signing-key.ts'
import { clock } from '../../lib/platform/clock.ts'

/** A sentence each. `given`: the settings as they stand in the environment, whole or not. */
export function fileFaults(given: Record<string, string | undefined>): string[] {
  const { CERTIFICATE_KEY_FILE, CERTIFICATE_CHAIN_FILE, DKIM_KEY_FILE } = given
  return [
    CERTIFICATE_KEY_FILE &&
      CERTIFICATE_CHAIN_FILE &&
      faultOf(() => readSigner(CERTIFICATE_KEY_FILE, CERTIFICATE_CHAIN_FILE, clock.now())),
    DKIM_KEY_FILE && faultOf(() => readDkimKey(DKIM_KEY_FILE)),
    given.STORAGE !== 's3' && faultOf(() => checkFolder(given.DATA_DIR || '.data')),
  ].filter(fault => typeof fault === 'string' && fault !== '') as string[]
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function readDkimKey(file: string): void {
  try {
    createPrivateKey(fs.readFileSync(file))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`The file of DKIM_KEY_FILE holds no private key that can be read as PEM (${code}).`)
  }
}

/** It may still have to be made: then in the nearest folder above that there is. */
function checkFolder(folder: string): void {
  let there = path.resolve(folder)
  while (!fs.existsSync(there)) there = path.dirname(there)
  try {
    fs.accessSync(there, fs.constants.W_OK | fs.constants.X_OK)
  } catch {
    throw new Error(`Documents cannot be kept in the folder of DATA_DIR: ${there} cannot be written to.`)
  }
}
