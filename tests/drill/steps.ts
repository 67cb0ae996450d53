// The drill's steps, in the order in which they are gone through.
import type { Place } from './place.ts'
import { wrongClock } from './steps/clock.ts'
import { fullDisk } from './steps/disk.ts'
import { failover } from './steps/failover.ts'
import { deadWorker, hangingMail } from './steps/jobs.ts'
import { addresses, journey } from './steps/journey.ts'
import { kills } from './steps/kills.ts'
import { outages } from './steps/outages.ts'
import { payments } from './steps/payments.ts'
import { restarts } from './steps/restarts.ts'
import { restore } from './steps/restore.ts'
import { secrets } from './steps/secrets.ts'
import { secondStore, starting } from './steps/starting.ts'
import { rollingRestart, stop } from './steps/stops.ts'
import { storage } from './steps/storage.ts'
import { upgrade } from './steps/upgrade.ts'
import type { Row } from './table.ts'

/** `table`: what customers met, a line for each thing that was broken. `from`: the folder of an older release. */
type Options = { payments: number; table: Row[]; from?: string }

export type Step = {
  what: string
  /** Throws where it does not hold; else what was measured, in lines. */
  run: (place: Place, options: Options) => Promise<string[]>
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
    what: 'a rolling upgrade, from an older release where one is given: nobody meets an error, open forms are taken',
    run: upgrade,
  },
  kills: {
    what: 'kill -9 of each part under load: pages come, payments are neither lost nor doubled',
    run: kills,
  },
  storage: {
    what: 'the storage of documents is gone: documents wait, everything else goes on',
    run: storage,
  },
  restarts: {
    what: 'PostgreSQL and PgBouncer restarted under load: customers wait instead of failing',
    run: restarts,
  },
  payments: {
    what: 'nodes and workers killed during payments: none lost, none doubled, each with an end',
    run: payments,
  },
  restore: {
    what: 'the database restored to a moment: every row as it was, and what banks know since found and held',
    run: restore,
  },
  outages: {
    what: 'PostgreSQL or PgBouncer gone: 503 with Retry-After, health stays, ready tells, all recovers by itself',
    run: outages,
  },
  disk: {
    what: 'the disk of PostgreSQL is full under load: nothing is half booked, and room alone brings all back',
    run: fullDisk,
  },
  clock: {
    what: 'the clock of one node is wrong by ten minutes: customers notice nothing',
    run: wrongClock,
  },
  failover: {
    what: 'PostgreSQL is gone for good and its replica takes over: nothing that anybody was told is lost',
    run: failover,
  },
  secrets: {
    what: 'another AUTH_SECRET under load: nobody is signed out, what the old one sealed still counts',
    run: secrets,
  },
}
