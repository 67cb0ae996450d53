// What jobs there are, and the way into their queue: in the caller's transaction, so that the job exists if and only if the change does.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { currentRequestId } from './request-id.ts'

/** What each job is told: ids only, never anything personal in clear. */
export type JobPayloads = {
  /**
   * Sends one message of the outbox; `message`: which of the catalogue's it is, for the log. The last: of messages that were written
   * before channels had jobs of their own.
   */
  'send-sms': { messageId: string; message?: string }
  'send-email': { messageId: string; message?: string }
  'send-message': { messageId: string }
  /** Every minute: writes the messages of notices. Every morning: makes reminders. */
  'hand-over-notices': Record<string, unknown>
  'make-reminders': Record<string, unknown>
  /** Send some of the messages of notices that are due, at the pace of the settings. */
  'send-notices-email': Record<string, never>
  'send-notices-sms': Record<string, never>
  /** Begins what a forgotten password was asked for; `identifier` is sealed, `requestedAt` an ISO time. `isKnown`: by a browser of the account's own. */
  'start-password-reset': { resetId: string; identifier: string; requestedAt?: string; isKnown?: boolean }
  /** Asks the bank what became of an attempt to pay. */
  'check-payment': { attemptId: string }
  /** Every ten minutes: finds attempts that nothing follows up. The queue adds when it was due. */
  'sweep-payments': Record<string, unknown>
  /** Tells the bank of a refund, once. Asks it what became of one. */
  'submit-refund': { refundId: string }
  'check-refund': { refundId: string }
  /** Every ten minutes: finds refunds that nothing follows up. */
  'sweep-refunds': Record<string, unknown>
  /** Compares a bank's settlement file, and asks the bank about what is not booked. */
  'compare-settlement': { fileId: number }
  /** Every day: finds payments that no settlement file has. */
  'find-unsettled': Record<string, unknown>
  /** The sandbox bank tells its merchant, `calls` times, what became of an order. */
  'sandbox-bank-callback': { orderNumber: string; calls: number }
  /** Makes a copy of everything held about a person. */
  'make-own-data-export': { exportId: string }
  /** Erases copies that are too old. */
  'erase-own-data-exports': Record<string, never>
  /** Makes a list of all unpaid invoices of a person. */
  'make-unpaid-list': { listId: string }
  /** Forgets the cases of an account that was closed. */
  'forget-cases': { accountId: string }
  /** Every day: forgets what accounts, directories and limits need no longer. The queue adds when it was due. */
  'forget-account-data': Record<string, unknown>
  'forget-directories': Record<string, unknown>
  'forget-tries': Record<string, unknown>
  /** Every hour: forgets what was typed into forms and what they were answered. */
  'forget-forms': Record<string, unknown>
  /** Every day: forgets requests that were begun long ago and never sent. */
  'forget-drafts': Record<string, unknown>
  /** Every ten minutes: counts how requests were dealt with. */
  'count-requests': Record<string, unknown>
  /** Every day: forgets who of the staff had which case open. */
  'forget-viewers': Record<string, unknown>
  /** Every day: makes the months that the audit log will need. */
  'make-audit-months': Record<string, unknown>
  /** Every day: forgets what is older than the settings say. */
  'forget-events': Record<string, unknown>
  'forget-looks': Record<string, unknown>
  'forget-messages': Record<string, unknown>
  'forget-notices': Record<string, unknown>
  'forget-payment-events': Record<string, unknown>
  'forget-settlements': Record<string, unknown>
  'forget-pay-links': Record<string, unknown>
  'forget-readings': Record<string, unknown>
  /** Removes those documents that nothing refers to. */
  'remove-unused-documents': { documentIds: string[] }
  /** Every day: removes the documents of what was decided long ago. Every few minutes: has the others scanned. */
  'remove-old-documents': Record<string, unknown>
  'scan-documents': Record<string, unknown>
  /** Every ten minutes: writes down and tells whose access to a contract has ended. */
  'end-access': Record<string, unknown>
  /** Loads what a biller has uploaded, one feed after the other. */
  'load-feeds': { billerId: number }
  /** Every day: forgets what is kept of feeds no longer; says which billers have sent none for long. */
  'forget-feed-files': Record<string, unknown>
  'report-silent-billers': Record<string, unknown>
  /** Every hour: says which jobs were given up. */
  'report-failed-jobs': Record<string, unknown>
}

/** In a payload beside what its job is told: by which request it was caused. */
const CAUSE = 'requestId'

/** What a job is told, and the request that caused it; jobs of the calendar, and of before there was an id, have none. */
export function readPayload(payload: unknown): { told: unknown; requestId?: string } {
  const { [CAUSE]: requestId, ...told } = (payload ?? {}) as Record<string, unknown>
  return { told, requestId: typeof requestId === 'string' ? requestId : undefined }
}

/** Of jobs that rest while payments are stopped (lib/maintenance). */
export const RESTS_IN_MAINTENANCE = 'maintenance'

/** The queue's default is 0, and the lowest goes first. */
export const URGENT = -10

/** Of the queue's rows: tried as often as it may be, and nobody has seen to it. */
export const isGivenUp = sql`attempts >= max_attempts and locked_at is null`

/** A process that has not beaten for so long is dead: it has missed three (lib/worker/runner.ts). */
const DEAD_SECONDS = 40
/** How many processes run jobs. */
export const jobProcesses = sql`(
  select count(*)::int from job_workers where beat_at > now() - make_interval(secs => ${DEAD_SECONDS}))`

/**
 * `key`: a waiting job with the same key is replaced, not doubled. `queue`: its jobs are done one after the other, on whatever node. `runAt`: not before. `maxAttempts`: tries with
 * growing pauses before the job is given up and left for staff to see. `urgent`: somebody waits for it, so it goes before
 * all others of its lane. `channel`: it rests for as long as that does; `restsInMaintenance`: and while payments are stopped. `queue`: of its jobs one is done at a time.
 */
export async function enqueue<Name extends keyof JobPayloads>(
  db: Executor,
  name: Name,
  payload: JobPayloads[Name],
  options: {
    key?: string
    runAt?: Date
    maxAttempts?: number
    urgent?: boolean
    channel?: string
    restsInMaintenance?: boolean
    queue?: string
  } = {},
): Promise<void> {
  const whole = JSON.stringify({ ...payload, [CAUSE]: currentRequestId() })
  const flags = [options.channel, options.restsInMaintenance && RESTS_IN_MAINTENANCE].filter(Boolean)
  await db.execute(sql`select graphile_worker.add_job(${name}, ${whole}::json,
    run_at := ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts := ${options.maxAttempts ?? 12},
    job_key := ${options.key ?? null},
    queue_name := ${options.queue ?? null},
    priority := ${options.urgent ? URGENT : 0},
    flags := ${flags.length > 0 ? sql`${sql.param(flags)}::text[]` : null})`)
}
