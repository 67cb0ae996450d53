// What each command does first (bin/run), with nothing installed yet: the packages of the lock file, and a Node.js that is
// supported. So this is JavaScript that an old one runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Whether its makers mend this version of Node.js, and it runs TypeScript: lines of even numbers, 22 from 22.18 on. As `engines` in package.json.
 * @param {string} version
 */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === 22 ? minor >= 18 : major >= 24 && major % 2 === 0
}

/** For configurations of tools, which may be started past `bin/run`. */
export function requireSupportedNode() {
  if (isSupported(process.versions.node)) return
  throw new Error(
    `This is Node.js ${process.versions.node}: \`npm run vitest\` and \`npm run playwright\` bring one that is supported.`,
  )
}

/**
 * A supported Node.js: this one, or one from npm's registry, installed where it is missing. Ends the process with one sentence
 * where there is none for this machine.
 * @returns {string} the path of the program
 */
function supportedNode() {
  if (isSupported(process.versions.node)) return process.execPath
  const folder = path.join(root, 'bin/runtime')
  installPackages(folder, 'a supported Node.js', false)
  const node = broughtNode(path.join(folder, 'node_modules'))
  // On a machine with another C library (Alpine's) it is there and does not run.
  if (node && spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0) return node
  const machine = `${process.platform} ${process.arch}`
  return fail(
    `Drita needs Node.js 24 (or 22, from 22.18 on); this is ${process.versions.node}, and npm has none for ${machine}: ` +
      'install Node.js 24, from your system or https://nodejs.org.',
  )
}

/**
 * The program of the one package that fits this machine. Not `.bin/node`: Debian's npm 9 makes no link where several packages have a
 * program of the same name, though it installs one of them alone.
 * @param {string} packages
 */
function broughtNode(packages) {
  return fs
    .readdirSync(packages)
    .map(name => path.join(packages, name, 'bin/node'))
    .find(file => fs.existsSync(file))
}

/** What a deployment runs. None of these needs a package that is for development alone. */
const SERVING =
  /(^|\/)bin\/(after-restore|check-files|check-settings|feed|feed-token|gateway-accounts|migrate|reseal|serve|settlement|staff|worker)\.ts$/

/**
 * Whether a program needs packages that are for development alone.
 * @param {readonly string[]} parameters what node is told: options, the program, what that is told
 */
const needsDevelopment = parameters =>
  !SERVING.test(parameters.find(parameter => !parameter.startsWith('-')) ?? '')

/** As npm is told to leave them out. */
const leavesOutDevelopment = () =>
  process.env.NODE_ENV === 'production' || (process.env.npm_config_omit ?? '').split(/[\s,]+/).includes('dev')

/**
 * Runs `npm ci` in a folder unless every package of its package-lock.json is there in its version.
 * @param {string} folder
 * @param {string} what
 * @param {boolean} development whether those too that are for development alone
 */
function installPackages(folder, what, development) {
  if (packagesPresent(folder, development)) return
  const lock = path.join(
    os.tmpdir(),
    `drita-install-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`,
  )
  takeLock(lock)
  try {
    // Another process may have installed them meanwhile.
    if (packagesPresent(folder, development)) return
    console.error(`Installing ${what} (npm ci) …`)
    // The machine's own npm, on the Node.js it came with; what is installed is for another.
    const parameters = [
      'ci',
      development || !leavesOutDevelopment() ? '--include=dev' : '--omit=dev',
      '--no-audit',
      '--no-fund',
      '--engine-strict=false',
      '--loglevel=error',
    ]
    const { status } = spawnSync('npm', parameters, {
      cwd: folder,
      // What this process prints is a path.
      stdio: ['ignore', 2, 2],
    })
    if (status !== 0) fail('The packages could not be installed; npm says why above.')
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/**
 * Compares the lock file with the one that npm keeps of what it installed, which says nothing of folders that somebody
 * removed since. Packages for other platforms are optional and may be absent.
 * @param {string} root the folder of package-lock.json
 * @param {boolean} development whether those are wanted too that are for development alone
 */
export function packagesPresent(root, development) {
  const wanted = lockedPackages(path.join(root, 'package-lock.json'))
  const present = lockedPackages(path.join(root, 'node_modules/.package-lock.json'))
  if (!wanted || !present) return false
  for (const name of Object.keys(present)) if (!wanted[name]) return false
  return Object.entries(wanted).every(([name, entry]) => {
    const found = present[name]
    if (!found) return name === '' || entry.optional || entry.devOptional || (entry.dev && !development)
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false
    return fs.existsSync(path.join(root, name, 'package.json'))
  })
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, integrity?: string, optional?: boolean, dev?: boolean, devOptional?: boolean}> | undefined}
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
      console.error('Waiting for another installation of the packages …')
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

// `node bin/start/install.mjs PROGRAM …`: prints the path.
if (process.argv[1]?.endsWith('install.mjs')) {
  const node = supportedNode()
  installPackages(root, 'the packages', needsDevelopment(process.argv.slice(2)))
  console.log(node)
}
