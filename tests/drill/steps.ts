// The drill's steps, in the order in which they are gone through.
import type { Place } from './place.ts'
import { deadWorker, hangingMail } from './steps/jobs.ts'
import { addresses, journey } from './steps/journey.ts'
import { outages } from './steps/outages.ts'
import { payments } from './steps/payments.ts'
import { secondStore, starting } from './steps/starting.ts'
import { rollingRestart, stop, upgrade } from './steps/stops.ts'

export type Step = {
  what: string
  /** Throws where it does not hold; else what was measured, in lines. */
  run: (place: Place, options: { payments: number }) => Promise<string[]>
  /** Has servers of its own, and goes on beside the others. */
  beside?: true
}

export const steps: Record<string, Step> = {
  starting: {
    what: 'a start that a lock or a pooler is in the way of ends with a sentence',
    run: starting,
    beside: true,
  },
  journey: {
    what: 'signing in, paying and the receipt pass through nginx, a node and PgBouncer in transaction mode',
    run: journey,
  },
  addresses: {
    what: 'limits count the customer’s address where nginx is named, and the log says where it is not',
    run: addresses,
  },
  store: {
    what: 'a node or a worker with another disk for documents is refused',
    run: secondStore,
  },
  worker: {
    what: 'a worker killed in the middle of a job: another one does it within a minute',
    run: deadWorker,
  },
  mail: {
    what: 'a mail server that hangs with a thousand e-mails waiting: a code goes out, a bank is asked at once',
    run: hangingMail,
  },
  stop: {
    what: 'a node stopped under load cuts nobody',
    run: stop,
  },
  rolling: {
    what: 'both nodes restarted one after the other under load: nobody meets an error',
    run: rollingRestart,
  },
  upgrade: {
    what: 'forms shown before an upgrade are taken after it',
    run: upgrade,
  },
  payments: {
    what: 'nodes and workers killed during payments: none lost, none doubled, each with an end',
    run: payments,
  },
  outages: {
    what: 'PostgreSQL or PgBouncer gone: 503 with Retry-After, health stays, ready tells, all recovers by itself',
    run: outages,
  },
}
