// The PostgreSQL of a test run: one server, a database that is a template, and cheap copies of it.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../db/embedded.ts'

const MEMORY = '/dev/shm'
/** Several times what a whole run needs. */
const ENOUGH_BYTES = 2e9

/** A folder for data that are thrown away: in memory where there is room, as a thousand files a copy are half of its work on a disk. */
function quickest(): string {
  if (!fs.existsSync(MEMORY)) return os.tmpdir()
  const { bavail, bsize } = fs.statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_BYTES && os.freemem() > ENOUGH_BYTES ? MEMORY : os.tmpdir()
}

/** Starts it and has `fill` make the database at `url` what every copy begins with; `stop` throws all of it away. */
export async function startTemplate(
  fill: (url: string) => Promise<void>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = fs.mkdtempSync(path.join(quickest(), 'drita-tests-'))
  fs.chmodSync(folder, 0o755)
  // The data are thrown away: nothing waits for the disk.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const server = await startEmbeddedPostgres(folder, { settings })
  const stop = async () => {
    await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    // Thousands of connections are opened, and each client would hash the password 4096 times.
    const { username, password } = new URL(server.url)
    await onServer(server.url, `set scram_iterations = 1; alter role ${username} password '${password}'`)
    await fill(server.url)
    await onServer(server.url, 'alter database drita with is_template true')
  } catch (error) {
    await stop()
    throw error
  }
  return { url: server.url, stop }
}

/** A copy of the template for the caller alone. `server`: the address that startTemplate gave. */
export async function cloneTemplate(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  // Copying files takes a third of what writing every page to the log does.
  await onServer(server, `create database ${name} template drita strategy file_copy`)
  return {
    url: server.replace(/\/drita$/, `/${name}`),
    drop: () => onServer(server, `drop database ${name} with (force)`),
  }
}

/** Runs a statement beside the databases of the tests. */
export async function onServer(url: string, statement: string): Promise<void> {
  await rows(url.replace(/\/[^/]*$/, '/postgres'), statement)
}

/** A connection that breaks, as where its database is dropped, rejects the query under way, and ends no process of tests. */
export async function connect(url: string, name?: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Asks the database itself, for what the portal does not show. */
export async function rows<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connect(url)
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
