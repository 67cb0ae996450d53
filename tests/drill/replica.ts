// A replica: a copy of the server's files while it runs, which then follows it. (The embedded PostgreSQL has no pg_basebackup.)
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../db/embedded.ts'
import type { EmbeddedFiles } from '../../db/embedded-files.ts'
import { connect, rows } from '../support/postgres.ts'
import { makeServer, type Server } from './server.ts'

const run = promisify(execFile)
const FOLLOWS_MS = 30_000

/** What a copy must not have, or must have empty (PostgreSQL's manual, "Making a Base Backup Using the Low Level API"). */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts']
const EMPTY = [
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]

/** Makes the replica `name` of the server that `url` leads to, and waits until it follows. */
export async function makeReplica(
  files: EmbeddedFiles,
  primary: Server,
  url: string,
  name: string,
): Promise<Server> {
  const cluster = path.join(path.dirname(primary.cluster), name)
  fs.rmSync(cluster, { recursive: true, force: true })
  const client = await connect(url)
  try {
    // What it has not read yet is kept for it, from before the copy begins.
    await client.query('select pg_create_physical_replication_slot($1, true)', [name])
    await client.query('select pg_backup_start($1, true)', [name])
    await copyFiles(primary.cluster, cluster)
    const { rows: stopped } = await client.query('select labelfile, spcmapfile from pg_backup_stop(false)')
    fs.writeFileSync(path.join(cluster, 'backup_label'), stopped[0].labelfile)
    if (stopped[0].spcmapfile) fs.writeFileSync(path.join(cluster, 'tablespace_map'), stopped[0].spcmapfile)
  } finally {
    await client.end()
  }
  const { username, password } = new URL(url)
  const from = `host=127.0.0.1 port=${primary.port} user=${username} password=${password} application_name=${name}`
  fs.appendFileSync(
    path.join(cluster, 'postgresql.auto.conf'),
    // One that is promoted later has no replica of its own to wait for.
    `\nprimary_conninfo = '${from}'\nprimary_slot_name = '${name}'\nsynchronous_standby_names = ''\n`,
  )
  fs.writeFileSync(path.join(cluster, 'standby.signal'), '')
  fs.chmodSync(cluster, 0o700)
  if (files.owner) await run('chown', ['-R', `${files.owner.uid}:${files.owner.gid}`, cluster])
  const replica = makeServer(files, cluster, await freePort())
  await replica.start()
  return replica
}

async function copyFiles(from: string, to: string): Promise<void> {
  // A file that vanishes meanwhile is none that the copy needs.
  await run('cp', ['-a', from, to]).catch(error => {
    if (!/No such file/.test(String(error.stderr))) throw error
  })
  for (const name of NOT_COPIED) fs.rmSync(path.join(to, name), { force: true })
  for (const name of EMPTY) {
    for (const inside of fs.readdirSync(path.join(to, name))) {
      fs.rmSync(path.join(to, name, inside), { recursive: true })
    }
  }
  const wal = path.join(to, 'pg_wal')
  for (const name of fs.readdirSync(wal)) fs.rmSync(path.join(wal, name), { recursive: true })
  for (const name of ['archive_status', 'summaries']) fs.mkdirSync(path.join(wal, name))
}

/**
 * Who commits is answered once this replica, or another one of the list, has it on its disk too: a server that dies takes nothing
 * with it that anybody was told. Without a list nobody waits.
 */
export async function waitForReplicas(url: string, names: string[]): Promise<void> {
  const listed = names.length > 0 ? `ANY 1 (${names.join(', ')})` : ''
  await rows(url, `alter system set synchronous_standby_names = '${listed}'`)
  await rows(url, 'select pg_reload_conf()')
}

/** Waits until the replica has all that the server has written so far. */
export async function untilFollows(url: string, name: string): Promise<void> {
  for (const until = Date.now() + FOLLOWS_MS; ; await sleep(50)) {
    const [found] = await rows<{ whole: boolean }>(
      url,
      `select state = 'streaming' and flush_lsn >= pg_current_wal_lsn() as whole from pg_stat_replication where application_name = $1`,
      [name],
    )
    if (found?.whole) return
    if (Date.now() > until) throw new Error(`The replica ${name} does not follow: ${JSON.stringify(found)}`)
  }
}
