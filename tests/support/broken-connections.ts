// Connections to PostgreSQL that break: after so many statements of a piece of work nothing of it is answered any more.
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { causes } from '../../db/errors.ts'

type Break = { left: number; commits: number; broken: boolean; then: () => void }
const current = new AsyncLocalStorage<Break>()
const whole = pg.Client.prototype.query as (this: pg.Client, ...given: unknown[]) => unknown

/** A connection is not worth a new process of the server each time: instead of it, what its transaction did is taken back. */
let cheaply = false

/** Makes the function below work in this process; returns how to undo it. `cheap`: the server sees no connection break. */
export function breakConnections({ cheap = false } = {}): () => void {
  cheaply = cheap
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const at = current.getStore()
    const [config] = given as [{ submit?: unknown }]
    if (!at || typeof config?.submit === 'function' || isOpening(given[0])) return whole.apply(this, given)
    const told = given.find(one => typeof one === 'function') as ((...of: unknown[]) => void) | undefined
    const answered = query(this, at, told ? given.filter(one => one !== told) : given)
    if (!told) return answered
    answered.then(
      result => told(null, result),
      error => told(error),
    )
    return undefined
  } as typeof pg.Client.prototype.query
  return () => {
    pg.Client.prototype.query = whole as typeof pg.Client.prototype.query
  }
}

async function query(client: pg.Client, at: Break, given: unknown[]): Promise<unknown> {
  if (!at.broken) {
    at.left -= 1
    const isLast = at.left === 0
    // The server has done it, a commit too, and of the last the answer is lost.
    const result = await whole.apply(client, given)
    if (isCommit(given[0])) at.commits += 1
    if (!isLast) return result
    at.broken = true
    at.then()
  }
  if (cheaply) await whole.call(client, 'rollback')
  else await breakOff(client)
  throw new Error(BROKEN)
}

const BROKEN = 'Connection terminated unexpectedly'

const textOf = (given: unknown) => (typeof given === 'string' ? given : (given as { text: string }).text)
const isCommit = (given: unknown) => /^commit\b/i.test(textOf(given))
/** Another connection opens, or the pool would wait for one; what is then asked of it is not answered either. */
const isOpening = (given: unknown) => /^select pg_backend_pid\(\)/.test(textOf(given))

type Inner = { connection: { stream: Duplex } }

async function breakOff(client: pg.Client): Promise<void> {
  const { stream } = (client as unknown as Inner).connection
  if (stream.destroyed) return
  const closed = once(stream, 'close')
  stream.destroy()
  await closed
}

/**
 * Does `work`, whose connections break once `count` of its statements are done, wherever they are; `then` is called at that moment.
 * Returns whether they broke, and how many transactions were committed.
 */
export async function breakAfter(
  count: number,
  work: () => Promise<unknown> | unknown,
  then = () => {},
): Promise<{ broke: boolean; commits: number }> {
  const at: Break = { left: count, commits: 0, broken: false, then }
  try {
    await current.run(at, async () => work())
  } catch (error) {
    // What several wait for, as a reading of what is kept, breaks for all of them.
    if (!at.broken && !causes(error).some(({ message }) => message === BROKEN)) throw error
  }
  return { broke: at.broken, commits: at.commits }
}
