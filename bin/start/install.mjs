// What both commands do first, with nothing installed yet: the Node.js version, and the packages of the lock file.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Ends the process with one sentence where Node.js is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Drita needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/** Runs `npm ci` unless every package of package-lock.json is there in its version. */
export function installPackages() {
  if (packagesPresent(root)) return
  const lock = path.join(
    os.tmpdir(),
    `drita-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  )
  takeLock(lock)
  try {
    // Another process may have installed them meanwhile.
    if (packagesPresent(root)) return
    console.log('Installing packages (npm ci) …')
    const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (status !== 0) {
      console.error('The packages could not be installed; npm says why above.')
      process.exit(1)
    }
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

/**
 * Compares the lock file with the one that npm keeps of what it installed, which says nothing of folders that somebody
 * removed since. Packages for other platforms are optional and may be absent.
 * @param {string} root the folder of package-lock.json
 */
export function packagesPresent(root) {
  const wanted = lockedPackages(path.join(root, 'package-lock.json'))
  const present = lockedPackages(path.join(root, 'node_modules/.package-lock.json'))
  if (!wanted || !present) return false
  for (const name of Object.keys(present)) if (!wanted[name]) return false
  return Object.entries(wanted).every(([name, entry]) => {
    const found = present[name]
    if (!found) return name === '' || entry.optional || entry.devOptional
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false
    return fs.existsSync(path.join(root, name, 'package.json'))
  })
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, integrity?: string, optional?: boolean, devOptional?: boolean}> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Waits while another process installs here; a lock whose process has ended counts for nothing.
 * @param {string} file
 */
function takeLock(file) {
  for (let said = false; ; ) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
    if (!isRunning(Number(fs.readFileSync(file, 'utf8') || process.pid))) fs.rmSync(file, { force: true })
    else if (!said) {
      console.log('Waiting for another installation of the packages …')
      said = true
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
const hasCode = (error, code) => error instanceof Error && 'code' in error && error.code === code
