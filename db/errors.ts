// Errors of the database: which mean that it cannot be used now, and what of them may be read by everybody.
import pg from 'pg'

/** The digest of an error that means so: what a browser is told of it. */
export const BUSY = 'BUSY'

/**
 * What PostgreSQL, a PgBouncer (08P01 whatever it is), the system or the driver say of a connection, of a wait that was
 * too long, and of a deadlock: nothing is wrong with the statement, and later it may pass.
 */
const UNAVAILABLE =
  /^(08...|25P03|40001|40P01|53...|55P03|57...|E(CONN(REFUSED|RESET|ABORTED)|TIMEDOUT|PIPE|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN))$/

/** Of pg and pg-pool, which give no code. */
const DRIVER_SAYS =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error|Client was closed)/

/** Of these, what is said of a connection that was there and is gone. */
const LOST = /^(57P0[125]|08003|08006|E(CONN(RESET|ABORTED)|PIPE))$/
const LOST_SAYS =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|server conn crashed)/

/** Beside those: who may connect, which database, what may be done, names in a statement; our triggers. Never a value. */
const SAYS_NO_VALUE = /^(25...|26...|28...|3D...|42...|55...|58...|P0001)$/

type Coded = Error & { code?: string; constraint?: string; errors?: Error[] }

/** The error and what caused it, down to the first. */
export function causes(error: unknown): Coded[] {
  const chain: Coded[] = []
  for (let one = error; one instanceof Error && chain.length < 5; one = one.cause) {
    // Several addresses were tried, as for localhost.
    chain.push(one, ...((one as Coded).errors ?? []))
  }
  return chain
}

const isUnavailableItself = ({ code, message }: Coded): boolean =>
  (code !== undefined && UNAVAILABLE.test(code)) || DRIVER_SAYS.test(message)

/** Whether the database cannot be used now: busy, at its limits, starting, or gone. */
export const isUnavailable = (error: unknown): boolean => causes(error).some(isUnavailableItself)

/** Whether the connection is gone: another one may serve. */
export const isLost = (error: unknown): boolean =>
  causes(error).some(({ code, message }) => LOST.test(code ?? '') || LOST_SAYS.test(message))

/** Whether a replica ended a statement because what it read has just been removed on the primary. */
export const isConflict = (error: unknown): boolean =>
  causes(error).some(({ code, message }) => code === '40001' || /conflict with recovery/.test(message))

/** What an error of the database says, where that can hold no value of a row or a statement; else undefined. */
export function sentenceOf(error: unknown): string | undefined {
  const saying = causes(error).find(
    one => one.message !== '' && (isUnavailableItself(one) || SAYS_NO_VALUE.test(one.code ?? '')),
  )
  return saying?.message
}

/** Takes from an error of PostgreSQL what may hold values: they end up in logs. */
export function hideValues(error: Error): void {
  if (!(error instanceof pg.DatabaseError)) return
  for (const part of ['detail', 'where', 'hint', 'internalQuery'] as const) error[part] = undefined
  if (sentenceOf(error) !== undefined) return
  error.message = `PostgreSQL refused it: ${[error.code, error.constraint ?? error.column].filter(Boolean).join(', ')}`
  // What it said stands in the stack too.
  Error.captureStackTrace(error)
}
