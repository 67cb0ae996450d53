// What surrounds the steps of a program that serves: they are undone in reverse, signals end it, and what went wrong is said in a sentence.
import { sentenceOf } from '../../db/errors.ts'

class Stopped extends Error {}

/** What has to be undone at the end, in the order it was done. */
const undo: (() => unknown)[] = []
let stopping = false
let ready = false
let tellStop = () => {}

/** Runs `start`, then waits for a signal. Ends the process with 0 where it was asked to end, with 1 where a step failed or something was lost. */
export async function run(start: () => Promise<void>, onStop: () => void): Promise<void> {
  tellStop = onStop
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  try {
    await start()
    if (stopping) throw new Stopped()
    ready = true
  } catch (error) {
    if (!(error instanceof Stopped)) console.error(sentence(error))
    await end(error instanceof Stopped ? 0 : 1)
  }
}

/** To be called at the end, the last first. */
export function atEnd(...actions: (() => unknown)[]): void {
  undo.push(...actions)
}

/** Does a step, unless the process is to end. */
export async function unlessStopped<Value>(work: () => Promise<Value>): Promise<Value> {
  if (stopping) throw new Stopped()
  const value = await work().catch(error => {
    throw stopping ? new Stopped() : error
  })
  if (stopping) throw new Stopped()
  return value
}

/** Something without which it cannot go on is gone for good. */
export function lost(error: Error): void {
  console.error(sentence(error))
  void end(1)
}

/** As a signal does. */
export function stop(): void {
  if (stopping) return
  stopping = true
  tellStop()
  // While it starts, the step under way ends first.
  if (ready) void end(0)
}

/** Undoes what was done, the last first, and ends the process. */
async function end(status: number): Promise<void> {
  stopping = true
  for (const action of undo.splice(0).reverse()) {
    try {
      await action()
    } catch (error) {
      console.error(sentence(error))
      status = 1
    }
  }
  process.exit(status)
}

/** What a person can do something about, in one sentence; a stack only for what nobody expected. */
export function sentence(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${process.env.PORT || 3000} is taken: give another one with PORT.`
  const said = sentenceOf(error)
  if (said) return `The database cannot be used: ${said}.`
  if (code === 'EACCES') return `Not permitted: ${message}.`
  return error instanceof Error && error.constructor === Error && !code ? message : String(stack ?? error)
}
