// What is known of a request once it was answered: for the log and for metrics. Nothing personal.

export type Answered = {
  requestId: string
  method: string
  /** The pattern of the page or handler, `/invoices/[id]`; `file` or `unmatched` where there is none. Never an address: it may hold a code or a token. */
  route: string
  /** 499 where its client left before there was one. */
  status: number
  /** Whether its client left before all of the answer was sent. */
  left: boolean
  ms: number
  /** Statements sent to the database, the time until their answers, summed up, and how many took longer than 100 ms. */
  statements: number
  statementMs: number
  slowStatements: number
  /** Of the body, as sent. */
  bytes: number
  /** Of who was signed in. */
  accountId?: string
}

type Listener = (answered: Answered) => void

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaAnswered?: Set<Listener> }
holder.dritaAnswered ??= new Set()
const listeners = holder.dritaAnswered

/** From now on `listener` is told of each request of this process that was answered. */
export function whenAnswered(listener: Listener): void {
  listeners.add(listener)
}

/** Whether it is worth telling. */
export const isAnybodyTold = (): boolean => listeners.size > 0

export function tellAnswered(answered: Answered): void {
  for (const listener of listeners) listener(answered)
}
