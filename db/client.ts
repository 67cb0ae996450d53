// Connections: pools with drizzle on top. What holds for every statement, whoever sends it, holds here.
import { AsyncResource } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import net from 'node:net'
import { DrizzleQueryError, type SQLWrapper, sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { PgPreparedQuery } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { beginAgain, mayBeginAgain } from './begin-again.ts'
import { BUSY, hideValues, isUnavailable } from './errors.ts'

// Dates stay ISO strings (a DATE has no time zone), bigint counts fit a number (checked by the money type).
pg.types.setTypeParser(pg.types.builtins.DATE, value => value)
pg.types.setTypeParser(pg.types.builtins.INT8, value => Number(value))

export type Database = NodePgDatabase & { $client: pg.Pool }
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** Either: for queries that serve inside and outside a transaction. */
export type Executor = NodePgDatabase | Transaction

/** How long, in milliseconds, the work of one kind waits for the database before it gives up. */
export type Limits = {
  /** For a connection, a new one or one of the pool. */
  connect: number
  /** For a statement. */
  statement: number
  /** For a row or a table that somebody else holds; in transactions. */
  lock: number
  /** So long a transaction may do nothing, before PostgreSQL ends it. */
  idle: number
}

/**
 * What somebody's statements met. `unavailable`: one was given up, or no connection found. `statements`: how many were sent,
 * `statementMs`: until all were answered, summed up, `slowStatements`: how many of them took longer than SLOW_MS.
 */
export type Met = {
  unavailable: boolean
  statements?: number
  statementMs?: number
  slowStatements?: number
}

/** A page has three statements of a few milliseconds each. */
const SLOW_MS = 100

type Watch = {
  /** Told of a connection that broke while nobody used it; it is replaced at the next use. */
  onError?: (error: Error) => void
  /** Where to note what the statements of the present work meet. */
  met?: () => Met | undefined
}

/**
 * A pool on `url`, which may lead to a PgBouncer in transaction mode. `size`: most connections at once. Close it with
 * `db.$client.end()`.
 */
export function openDatabase(
  url: string,
  size: number,
  limits: Limits,
  { onError = () => {}, met = () => undefined }: Watch = {},
): Database {
  const options = {
    connectionString: url,
    max: size,
    application_name: 'drita',
    connectionTimeoutMillis: limits.connect,
    keepAlive: true,
    // Of the argument its type knows nothing.
    Client: portalClient(limits, met) as unknown as new () => pg.Client,
    // Awaited, though its type does not say so.
    onConnect: (client: pg.ClientBase): unknown => (client as PortalClient).recognisePooler(),
  }
  const pool = new PortalPool(options, met)
  pool.on('error', onError)
  const db = drizzle({ client: pool, casing: 'snake_case' })
  db.transaction = beginAgain(db.transaction.bind(db), met)
  return db
}

/** One that `query` asks, statement by statement; it knows no transactions. */
export const readingDatabase = (
  query: (statement: pg.QueryConfig, values: unknown[]) => Promise<pg.QueryResult>,
): Database => drizzle({ client: { query } as unknown as pg.Pool, casing: 'snake_case' })

/** A transaction on a connection of one's own. */
export async function inTransaction<T>(
  client: pg.ClientBase,
  work: () => Promise<T>,
  begin = 'begin',
): Promise<T> {
  await client.query(begin)
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/**
 * Several writes in one statement, one way there and back: all of them happen, or none, and none sees what another wrote.
 * PostgreSQL plans each text once a connection: it says how many values there are, never what.
 */
export async function together(db: Executor, ...writes: SQLWrapper[]): Promise<void> {
  const named = writes.map((write, n) => sql`${sql.identifier(`write_${n}`)} as (${write.getSQL()})`)
  const query = db.execute(sql`with ${sql.join(named, sql`, `)} select`).getQuery()
  const name = createHash('sha1').update(query.sql).digest('base64url')
  await db._.session.prepareQuery(query, undefined, name, false).execute()
}

/** Whether the other end is a pooler such as PgBouncer: the process it named is not the one that answers. */
async function isPooled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]!.pid !== (client as unknown as BackendKey).processID
}

/** Throws an Error of one sentence where the other end is a pooler. */
export async function refusePooler(client: pg.ClientBase): Promise<void> {
  if (!(await isPooled(client))) return
  throw new Error(
    'Migrations, jobs and feeds need PostgreSQL itself, not a pooler such as PgBouncer: set DATABASE_DIRECT_URL to its address.',
  )
}

/** Asks the database at `url` something on a connection of its own, before there is a pool; waits `longestMs` for it, and for each answer. */
export async function askAt<Answer>(
  url: string,
  longestMs: number,
  ask: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'drita-check',
    connectionTimeoutMillis: longestMs,
    query_timeout: longestMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await ask(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Counts a statement that is about to be sent; returns what is to be called at its end. */
function count(met: Met): () => void {
  const began = performance.now()
  met.statements = (met.statements ?? 0) + 1
  return () => {
    const ms = performance.now() - began
    met.statementMs = (met.statementMs ?? 0) + ms
    if (ms > SLOW_MS) met.slowStatements = (met.slowStatements ?? 0) + 1
  }
}

function note(error: Error, met: Met | undefined): void {
  if (!isUnavailable(error)) return
  if (met) met.unavailable = true
  // Next.js shows a browser nothing of an error but this.
  Object.assign(error, { digest: BUSY })
}

/** So long until a connection that could not be opened is tried again. */
const RECONNECT_MS = 100

/**
 * Keeps what it is told to do in the context of who asked, not of who gave a connection back. Who asks while PostgreSQL or a PgBouncer
 * is restarted waits for it instead of failing; once no connection could be opened for the whole time allowed, everybody is told at once.
 */
class PortalPool extends pg.Pool {
  #met: () => Met | undefined
  #wait: number
  /** Since when no connection could be opened; undefined where the last could. */
  #failingSince: number | undefined

  constructor(options: pg.PoolConfig, met: () => Met | undefined) {
    super(options)
    this.#met = met
    this.#wait = options.connectionTimeoutMillis ?? 0
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (callback) {
      const met = this.#met()
      const connected: Connected = (error, client, release) => {
        if (error) note(error, met)
        callback(error, client, release)
      }
      // Binding costs as much as all the rest: only for who has to wait.
      this.#open(this.idleCount > this.waitingCount ? connected : AsyncResource.bind(connected))
      return undefined
    }
    return new Promise((resolve, reject) => {
      this.connect((error, client) => (error ? reject(error) : resolve(client!)))
    })
  }

  #open(connected: Connected, began = Date.now()): void {
    super.connect((error, client, release) => {
      this.#failingSince = error && (this.#failingSince ?? Date.now())
      const waited = error ? Date.now() - Math.min(began, this.#failingSince!) : 0
      if (!error || !isUnavailable(error) || waited + RECONNECT_MS > this.#wait)
        connected(error, client, release)
      else setTimeout(() => this.#open(connected, began), RECONNECT_MS)
    })
  }
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void

/** Of pg.Client, though not of its types. */
type BackendKey = { processID: number; secretKey: number; host: string; port: number }

/** After a statement was cancelled its answer is awaited so long; then the connection is given up. */
const ANSWER_TO_CANCEL_MS = 3_000

class PortalClient extends pg.Client {
  /** Not told yet counts as pooled: every pooler does what is asked of one. */
  #pooled = true
  #limits: Limits
  #met: () => Met | undefined

  constructor(options: pg.ClientConfig, limits: Limits, met: () => Met | undefined) {
    super(options)
    this.#limits = limits
    this.#met = met
    // A connection that breaks in a transaction fails its statement; without a listener it would end the process.
    this.on('error', () => {})
  }

  async recognisePooler(): Promise<void> {
    this.#pooled = await isPooled(this)
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg's own has eight overloads, all of them for this one function
  override query(...given: any[]): any {
    const [config] = given
    // A stream or a cursor goes at its own pace.
    if (typeof config?.submit === 'function') return super.query(config)
    const statement = this.#prepare(config)
    const values: unknown[] | undefined = Array.isArray(given[1]) ? given[1] : undefined
    const callback = given.find(one => typeof one === 'function')
    const met = this.#met()
    const counted = met && count(met)
    const inTime = this.#limitTime()
    let wasInTime = true
    const ended = (error?: Error | null) => {
      wasInTime = inTime(error)
      counted?.()
    }
    const failed = (error: Error) => {
      hideValues(error)
      const begins = isBegin(statement.text)
      note(error, begins && wasInTime && mayBeginAgain(error) ? undefined : met)
      // drizzle gives a connection back after each transaction but those that it could not begin.
      if (begins) (this as unknown as Partial<pg.PoolClient>).release?.(error)
      return error
    }
    if (callback) {
      return super.query(statement as never, values as unknown[], (error, result) => {
        ended(error)
        callback(error && failed(error), result)
      })
    }
    return super.query(statement, values as unknown[]).then(
      result => {
        ended()
        return result
      },
      error => {
        ended(error)
        throw failed(error)
      },
    )
  }

  /**
   * Poolers older than PgBouncer 1.21 send a statement and its name to different connections, and settings of a session to
   * anybody's: no names there, and limits for as long as a transaction lasts, in the same message that begins it.
   */
  #prepare(config: string | pg.QueryConfig): pg.QueryConfig {
    const statement = typeof config === 'string' ? { text: config } : config
    if (isBegin(statement.text)) {
      const { lock, idle, statement: longest } = this.#limits
      return {
        text: `${statement.text}; set local statement_timeout = ${longest}; set local lock_timeout = ${lock};
          set local idle_in_transaction_session_timeout = ${idle}`,
      }
    }
    return this.#pooled && statement.name ? { ...statement, name: undefined } : statement
  }

  /**
   * Cancels the statement that is about to be sent when its time is over; where not even that is answered, gives up the
   * connection. Returns what is to be called at its end, and says whether it came in time.
   */
  #limitTime(): (error?: Error | null) => boolean {
    let cancelled = false
    let timer = setTimeout(() => {
      cancelled = true
      cancelStatement(this as unknown as BackendKey)
      timer = setTimeout(() => this.connection.stream.destroy(), ANSWER_TO_CANCEL_MS)
    }, this.#limits.statement)
    return error => {
      clearTimeout(timer)
      // It ended by itself just then: the next statement is not to be hit.
      if (cancelled && (error as { code?: string } | undefined)?.code !== QUERY_CANCELED) {
        this.connection.stream.destroy()
      }
      return !cancelled
    }
  }
}

const QUERY_CANCELED = '57014'
const isBegin = (text: string) => /^begin\b/i.test(text)

const portalClient = (limits: Limits, met: () => Met | undefined) =>
  class extends PortalClient {
    constructor(options: pg.ClientConfig) {
      super(options, limits, met)
    }
  }

/** PostgreSQL's CancelRequest, on a connection of its own; a PgBouncer passes it on. */
function cancelStatement({ processID, secretKey, host, port }: BackendKey): void {
  const request = Buffer.alloc(16)
  for (const [index, word] of [16, 80877102, processID, secretKey].entries())
    request.writeInt32BE(word, index * 4)
  const socket = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host)
  socket.setTimeout(ANSWER_TO_CANCEL_MS, () => socket.destroy())
  // Where it cannot be said, the connection is given up soon. The other end closes: a PgBouncer forgets what was asked by
  // who hung up.
  socket.on('error', () => {}).write(request)
}

/**
 * An error of drizzle's carries a statement's parameters, in its message and beside it, and errors end up in logs and in
 * the table of jobs. Ours does not. (drizzle's cache of answers, which this leaves out, is not used.)
 */
const prepared = PgPreparedQuery.prototype as unknown as {
  queryWithCache: <Answer>(text: string, parameters: unknown[], run: () => Promise<Answer>) => Promise<Answer>
}
prepared.queryWithCache = async (text, _, run) => {
  try {
    return await run()
  } catch (cause) {
    const error = new DrizzleQueryError(text, [], cause as Error)
    throw Object.assign(error, { digest: (cause as { digest?: string }).digest })
  }
}
