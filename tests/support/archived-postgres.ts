// PostgreSQL 18 (the embedded package's programs) whose log is archived: backed up while it is written to, restored beside itself to a moment.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { freePort, startEmbeddedPostgres } from '../../db/embedded.ts'
import { type EmbeddedFiles, prepareFiles, spawnAs } from '../../db/embedded-files.ts'
import { connect, rows } from './postgres.ts'

type Server = {
  /** Of the database `drita`, as one who may do anything. */
  url: string
  stop: () => void
}

export type ArchivedPostgres = Server & {
  /** Copies its files while it runs, between `pg_backup_start` and `pg_backup_stop`. */
  backUp: () => Promise<void>
  /** Ends the file of the log that is written to, and waits until it is in the archive. */
  archiveLog: () => Promise<void>
  /**
   * Restores the backup and the log up to `moment` (ISO 8601 with an offset) into files of their own, and starts a server on them. Where
   * it ends instead, throws what it wrote last.
   */
  restore: (moment: string) => Promise<Server>
  /** Ends all and throws their files away. */
  end: () => void
}

const ARCHIVE_MS = 30_000
const PAUSE_MS = 20

export async function startArchivedPostgres(): Promise<ArchivedPostgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-archived-'))
  fs.chmodSync(folder, 0o755)
  // Makes the files and the database.
  const embedded = await startEmbeddedPostgres(folder)
  await embedded.stop()
  const files = prepareFiles(folder)
  const [archive, backup] = ['archive', 'backup'].map(name => makeFolder(path.join(folder, name), files))
  const servers: Server[] = []
  const start = async (cluster: string, settings: string[]) => {
    const server = await startServer(files, cluster, settings, embedded.url)
    servers.push(server)
    return server
  }
  const archived = `archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f.partial && mv ${archive}/%f.partial ${archive}/%f'`
  const original = await start(files.cluster, ['archive_mode = on', archived])
  let restores = 0
  return {
    ...original,
    backUp: () => copyFiles(files, original.url, backup!),
    archiveLog: async () => {
      const [ended] = await rows<{ file: string }>(
        original.url,
        'select pg_walfile_name(pg_switch_wal()) as file',
      )
      for (const until = Date.now() + ARCHIVE_MS; !fs.existsSync(path.join(archive!, ended!.file)); ) {
        if (Date.now() > until) throw new Error(`The log was not archived: ${ended!.file}`)
        await sleep(50)
      }
    },
    restore: async moment => {
      restores += 1
      const cluster = makeFolder(path.join(folder, `restored-${restores}`), files)
      execFileSync('cp', ['-a', `${backup}/.`, cluster])
      writeAs(files, path.join(cluster, 'recovery.signal'), '')
      const server = await start(cluster, [
        // What it writes from here on is another history, which the original's archive must not get.
        'archive_mode = off',
        `restore_command = 'cp ${archive}/%f %p'`,
        // An offset in figures alone: names of zones, Z too, are not known yet when this is read.
        `recovery_target_time = '${moment.replace('Z', '+00:00')}'`,
        'recovery_target_action = promote',
      ])
      await untilPromoted(server.url, `${cluster}.log`)
      return server
    },
    end: () => {
      for (const { stop } of servers) stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function makeFolder(folder: string, { owner }: EmbeddedFiles): string {
  fs.mkdirSync(folder, { mode: 0o700 })
  if (owner) fs.chownSync(folder, owner.uid, owner.gid)
  return folder
}

function writeAs({ owner }: EmbeddedFiles, file: string, text: string): void {
  fs.writeFileSync(file, text, { mode: 0o600 })
  if (owner) fs.chownSync(file, owner.uid, owner.gid)
}

/** Starts a server on these files; `url`: that of the server they come from. Throws what it wrote where it ends. */
async function startServer(
  files: EmbeddedFiles,
  cluster: string,
  settings: string[],
  url: string,
): Promise<Server> {
  const port = await freePort()
  const log = `${cluster}.log`
  const all = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 100',
    "timezone = 'UTC'",
    ...(process.platform === 'linux' ? ['dynamic_shared_memory_type = sysv'] : []),
    ...settings,
  ]
  writeAs(files, path.join(cluster, 'postgresql.auto.conf'), `${all.join('\n')}\n`)
  const control = (...parameters: string[]) =>
    spawnSync(path.join(files.native, 'bin/pg_ctl'), ['-D', cluster, '-w', ...parameters], {
      ...spawnAs(files.owner),
      stdio: 'ignore',
    })
  writeAs(files, log, '')
  if (control('start', '-l', log).status !== 0) throw new Error(fs.readFileSync(log, 'utf8'))
  const address = new URL(url)
  address.port = String(port)
  return { url: address.href, stop: () => void control('stop', '-m', 'immediate') }
}

/** What belongs to a running server alone, and what is of no use to another. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_wal/*', 'pg_replslot/*', 'pg_dynshmem/*']

async function copyFiles(files: EmbeddedFiles, url: string, backup: string): Promise<void> {
  // Beginning and end are said on one connection.
  const client = await connect(url)
  try {
    await client.query("select pg_backup_start('drill', true)")
    const excluded = LEFT_OUT.map(name => `--exclude='./${name}'`).join(' ')
    // Files change and go while they are copied, which tar says with 1: the log has what is missing.
    execFileSync(
      'sh',
      ['-c', `tar -C "$0" -cf - ${excluded} . 2>/dev/null | tar -C "$1" -xpf -`, files.cluster, backup],
      { stdio: 'ignore' },
    )
    const { rows: ended } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(true)',
    )
    writeAs(files, path.join(backup, 'backup_label'), ended[0]!.labelfile)
  } finally {
    await client.end()
  }
}

/** pg_ctl comes back as soon as rows can be read; then the moment may not be reached yet, or never. */
async function untilPromoted(url: string, log: string): Promise<void> {
  for (;;) {
    const [state] = await rows<{ recovering: boolean }>(
      url,
      'select pg_is_in_recovery() as recovering',
    ).catch(() => {
      throw new Error(fs.readFileSync(log, 'utf8'))
    })
    if (!state!.recovering) return
    await sleep(100)
  }
}

/** How many rows a table has, and a hash of all of them in order. */
export type Contents = Map<string, string>

/** Of every table, one in parts as a whole, as one moment has them. Call it in a transaction with that moment's snapshot. */
async function contentsOf(client: pg.Client): Promise<Contents> {
  const { rows: tables } = await client.query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
      and n.nspname not in ('pg_catalog', 'information_schema') order by 1`)
  const contents: Contents = new Map()
  for (const { name } of tables) {
    const { rows: found } = await client.query<{ contents: string }>(`
      select count(*) || ' rows, ' || md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as contents from ${name} t`)
    contents.set(name, found[0]!.contents)
  }
  return contents
}

/** The moment, by the database's clock, and what every table holds then. Nobody may be writing just then. */
export async function takeMoment(url: string): Promise<{ moment: string; contents: Contents }> {
  const client = await connect(url)
  try {
    // Milliseconds are all that a moment names: what was committed is earlier, and what comes is later, by more than that.
    await sleep(PAUSE_MS)
    await client.query('begin isolation level repeatable read read only')
    const { rows: times } = await client.query<{ at: Date }>('select clock_timestamp() as at')
    const contents = await contentsOf(client)
    await client.query('commit')
    await sleep(PAUSE_MS)
    return { moment: times[0]!.at.toISOString(), contents }
  } finally {
    await client.end()
  }
}

/** Tables that hold other rows than they did. */
export async function changedSince(url: string, before: Contents): Promise<string[]> {
  const { contents } = await takeMoment(url)
  return [...new Set([...before.keys(), ...contents.keys()])].filter(
    name => before.get(name) !== contents.get(name),
  )
}
