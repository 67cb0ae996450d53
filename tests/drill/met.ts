// What customers met while something was broken: requests, errors, and when the last one was.
import type { Told } from '../support/customer.ts'
import type { Answer } from '../support/load.ts'
import type { Row } from './table.ts'

export type Met = Pick<Row, 'gets' | 'posts'> & {
  /** Counts a request: anything but a page, or where it leads, is an error, also "come again". */
  count: Told
  /** Answers of a load, which are GET. */
  countAll: (answers: Answer[]) => void
  /** When the last error ended, as `Date.now()`. */
  lastError: () => number | undefined
  /** How many of each kind, as `GET 503 × 4, POST none × 1`. */
  errors: () => string
}

/** Of what a node, or what stands before it, was doing when it died: nothing came back of it, or nginx says so. */
const CUT = [undefined, 502, 504]

export function startCounting(): Met {
  const gets = { asked: 0, failed: 0 }
  const posts = { asked: 0, failed: 0, inFlight: 0 }
  const kinds = new Map<string, number>()
  let last: number | undefined
  const count: Told = ({ method, status, at, ms }) => {
    const tally = method === 'POST' ? posts : gets
    tally.asked += 1
    if (status !== undefined && status < 400) return
    tally.failed += 1
    if (method === 'POST' && CUT.includes(status)) posts.inFlight += 1
    const kind = `${method} ${status ?? 'none'}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    last = Math.max(last ?? 0, at + ms)
  }
  return {
    gets,
    posts,
    count,
    // Who looks at a page gets the page, and is led nowhere else: not to sign in again.
    countAll: answers => {
      for (const { status, at, ms } of answers)
        count({ method: 'GET', status: status && status > 299 && status < 400 ? 401 : status, at, ms })
    },
    lastError: () => last,
    errors: () =>
      [...kinds]
        .sort()
        .map(([kind, times]) => `${kind} × ${times}`)
        .join(', ') || 'none',
  }
}
