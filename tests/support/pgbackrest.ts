// Debian's PostgreSQL and pgBackRest as deploy/pgbackrest.conf sets them up, in a folder that is thrown away.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installTools } from '../../bin/tools.mjs'
import { freePort } from '../../db/embedded.ts'
import { rows } from './postgres.ts'

const SAMPLE = path.resolve(import.meta.dirname, '../../deploy/pgbackrest.conf')

export type PgBackRest = {
  /** `pgbackrest --stanza=drita …`; what it wrote. Throws where it fails. */
  run: (...parameters: string[]) => string
  query: <Row>(text: string) => Promise<Row[]>
  takeMoment: () => Promise<{ moment: string }>
  /** Stops the server, restores over its files as docs/operations.md says, and starts it again. */
  restore: (moment: string) => Promise<void>
  end: () => void
}

export async function startPgBackRest(): Promise<PgBackRest> {
  installTools(['pgbackrest', 'postgresql'])
  const programs = newestPrograms()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-pgbackrest-'))
  const cluster = path.join(folder, 'cluster')
  const config = path.join(folder, 'pgbackrest.conf')
  const port = await freePort()
  const isRoot = process.getuid?.() === 0
  const as = (program: string, parameters: string[]) => {
    const call = isRoot ? ['runuser', '-u', 'postgres', '--', program] : [program]
    const [first, ...rest] = [...call, ...parameters]
    const { status, stdout, stderr } = spawnSync(first!, rest, {
      cwd: '/',
      encoding: 'utf8',
      // What runs on stays with files: a pipe would be waited for.
      stdio: ['ignore', program.endsWith('pg_ctl') ? 'ignore' : 'pipe', 'pipe'],
    })
    if (status !== 0)
      throw new Error(`${program} ${parameters.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
    return stdout ?? ''
  }
  fs.writeFileSync(config, configFor(folder, cluster, port))
  for (const name of ['repository', 'spool', 'log', 'lock']) fs.mkdirSync(path.join(folder, name))
  if (isRoot) as0('chown', ['-R', 'postgres', folder])
  as(path.join(programs, 'initdb'), ['-D', cluster, '--auth=trust', '--username=postgres', '--encoding=UTF8'])
  const archive = `pgbackrest --config=${config} --stanza=drita archive-push %p`
  fs.appendFileSync(
    path.join(cluster, 'postgresql.conf'),
    [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${folder}'`,
      'archive_mode = on',
      `archive_command = '${archive}'`,
      'archive_timeout = 60',
      'dynamic_shared_memory_type = sysv',
      '',
    ].join('\n'),
  )
  const control = (...parameters: string[]) =>
    as(path.join(programs, 'pg_ctl'), [
      '-D',
      cluster,
      '-w',
      '-l',
      path.join(folder, 'server.log'),
      ...parameters,
    ])
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const run = (...parameters: string[]) =>
    as('pgbackrest', [`--config=${config}`, '--stanza=drita', ...parameters])
  control('start')
  return {
    run,
    query: text => rows(url, text),
    takeMoment: async () => {
      // pgBackRest knows to the second when a backup ended, and takes one that ended in an earlier second.
      await sleep(1_000)
      const [now] = await rows<{ at: Date }>(url, 'select clock_timestamp() as at')
      await sleep(20)
      return { moment: now!.at.toISOString() }
    },
    restore: async moment => {
      control('stop', '-m', 'fast')
      run(
        '--delta',
        '--type=time',
        `--target=${moment.replace('T', ' ').replace('Z', '+00')}`,
        '--target-action=promote',
        'restore',
      )
      control('start')
      for (;;) {
        const [state] = await rows<{ recovering: boolean }>(url, 'select pg_is_in_recovery() as recovering')
        if (!state!.recovering) return
        await sleep(100)
      }
    },
    end: () => {
      if (fs.existsSync(path.join(cluster, 'postmaster.pid'))) control('stop', '-m', 'immediate')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function as0(program: string, parameters: string[]): void {
  const { status, stderr } = spawnSync(program, parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** Debian puts each version's programs into a folder of their own. */
function newestPrograms(): string {
  const root = '/usr/lib/postgresql'
  const [newest] = fs.readdirSync(root).sort((one, other) => Number(other) - Number(one))
  return path.join(root, newest!, 'bin')
}

/** The sample with these folders. Throws where it has changed so that a line is not found. */
function configFor(folder: string, cluster: string, port: number): string {
  let text = fs.readFileSync(SAMPLE, 'utf8')
  const replace = (pattern: RegExp, by: string) => {
    if (!pattern.test(text)) throw new Error(`deploy/pgbackrest.conf has nothing like ${pattern}`)
    text = text.replace(pattern, by)
  }
  replace(/^repo1-path=.*$/m, `repo1-path=${folder}/repository`)
  replace(/^repo1-cipher-pass=.*$/m, 'repo1-cipher-pass=a-passphrase-of-the-tests')
  replace(/^spool-path=.*$/m, `spool-path=${folder}/spool\nlog-path=${folder}/log\nlock-path=${folder}/lock`)
  replace(/^pg1-path=.*$/m, `pg1-path=${cluster}`)
  replace(/^pg1-port=.*$/m, `pg1-port=${port}\npg1-socket-path=${folder}\npg1-user=postgres`)
  return text
}
