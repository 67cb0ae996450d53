// Whether the database answers and has the present schema: asked over connections of its own, which no pool keeps waiting.
import fs from 'node:fs'
import pg from 'pg'

const ANSWER_MS = 5_000

export type Watch = {
  /** Asks once; true where every migration of this build is applied. Throws where the database gives no answer. */
  isCurrent: () => Promise<boolean>
  end: () => Promise<void>
}

/**
 * `urls`: PostgreSQL itself last, and first the PgBouncer before it where there is one; no session state is used. Each step,
 * connecting or asking, may take `answerMs`.
 */
export function watchDatabase(urls: string[], answerMs = ANSWER_MS): Watch {
  const asked = urls.map(url => askOne(url, answerMs))
  const newest = newestMigration()
  let applied = false
  return {
    isCurrent: async () => {
      const answers = await Promise.all(asked.map(one => one.ask()))
      // Where it was too busy to say, what it said before holds.
      const last = answers.at(-1)
      if (last !== undefined) applied = last >= newest
      return applied
    },
    end: async () => {
      await Promise.all(asked.map(one => one.end()))
    },
  }
}

/** By the time in its journal, which the migrations' table keeps. */
function newestMigration(): number {
  const { entries } = JSON.parse(fs.readFileSync('db/migrations/meta/_journal.json', 'utf8')) as {
    entries: { when: number }[]
  }
  return Math.max(...entries.map(({ when }) => when))
}

/** No schema, no table, or no right to read it. */
const NOT_YET = new Set(['3F000', '42P01', '42501'])

/** Whether every migration of this build is applied at `url`, and its role may see that; asked once. Throws where it gives no answer. */
export async function isMigrated(url: string): Promise<boolean> {
  const client = clientFor(url, ANSWER_MS)
  client.on('error', () => {})
  try {
    await client.connect()
    return (await newestApplied(client)) >= newestMigration()
  } catch (error) {
    if (NOT_YET.has((error as { code?: string }).code ?? '')) return false
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}

const clientFor = (connectionString: string, answerMs: number): pg.Client =>
  new pg.Client({
    connectionString,
    application_name: 'drita-ready',
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
  })

async function newestApplied(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ newest: string | null }>(
    'select max(created_at) as newest from drizzle.__drizzle_migrations',
  )
  return Number(rows[0]?.newest ?? 0)
}

function askOne(connectionString: string, answerMs: number) {
  let client: pg.Client | undefined

  const connect = async (): Promise<pg.Client> => {
    const fresh = clientFor(connectionString, answerMs)
    // One that breaks while idle is replaced at the next question.
    fresh.on('error', () => forget(fresh))
    await fresh.connect()
    return fresh
  }
  const forget = (one: pg.Client | undefined) => {
    if (client === one) client = undefined
    one?.end().catch(() => {})
  }

  /** The newest migration applied; undefined where it is too busy to say. */
  const ask = async (): Promise<number | undefined> => {
    try {
      client ??= await connect()
      return await newestApplied(client)
    } catch (error) {
      forget(client)
      if (isFull(error as Error)) return undefined
      if ((error as Error).message !== 'Query read timeout') throw error
      // A full pooler keeps a question waiting, and a table may be locked; but whoever lets one in is alive.
      client = await connect()
      return undefined
    }
  }

  return { ask, end: async () => client?.end() }
}

/** PostgreSQL's and PgBouncer's way to say that there are too many connections. */
const isFull = ({ message, code }: Error & { code?: string }): boolean =>
  code === '53300' || /no more connections allowed|query_wait_timeout/.test(message)
