// Which function does which job, and in which lane. Each lives in its area's jobs.ts.
import type { Task, TaskList } from 'graphile-worker'
import type { Database } from '../../db/client.ts'
import { startPasswordReset } from '../accounts/passwords.ts'
import { forgetAccountData } from '../accounts/retention.ts'
import { forgetOldDrafts } from '../cases/drafts.ts'
import { forgetCases, forgetViewers } from '../cases/jobs.ts'
import { countRequests } from '../cases/statistics.ts'
import { endAccess } from '../contracts/ended-access.ts'
import { forgetDirectories } from '../directories/retention.ts'
import { forgetFeedFiles, loadUploads, reportSilentBillers } from '../feed/jobs.ts'
import { removeUnused } from '../files/commands.ts'
import { removeDecidedDocuments, scanWaitingDocuments } from '../files/jobs.ts'
import { forgetForms } from '../forms/retention.ts'
import { forgetLooks } from '../looks/retention.ts'
import { makeReminders } from '../notices/by-time.ts'
import { handOverNotices } from '../notices/handing-over.ts'
import { sendNotices } from '../notices/sending.ts'
import { sendQueuedMessage } from '../notifications/jobs.ts'
import { forgetMessages, forgetNotices } from '../notifications/retention.ts'
import { eraseOldExports, makeExport } from '../own-data/copy.ts'
import { checkAttempt, sweepAttempts } from '../payments/jobs.ts'
import { forgetPayLinks, forgetPaymentEvents } from '../payments/retention.ts'
import { forgetEvents, makeMonths } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { asJob, database } from '../platform/database.ts'
import { type JobPayloads, readPayload } from '../platform/jobs.ts'
import { errorFacts, log } from '../platform/log.ts'
import { forgetOldTries } from '../platform/rate-limits.ts'
import { onBehalfOf } from '../platform/request-id.ts'
import { forgetReadings } from '../readings/retention.ts'
import { checkRefund, submitRefund, sweepRefunds } from '../refunds/jobs.ts'
import { callMerchant } from '../sandbox-bank/jobs.ts'
import { compareSettlement, findUnsettled } from '../settlements/jobs.ts'
import { forgetSettlements } from '../settlements/retention.ts'
import { makeList } from '../unpaid/lists.ts'
import { reportFailedJobs } from './failed.ts'

/**
 * How many jobs of a lane a process does at once. Lanes never wait for each other: what asks a bank, the SMS provider or the
 * mail server has one each, so that one of them that hangs keeps nobody from the others.
 */
export const LANES = {
  codes: 3,
  bank: 3,
  email: 2,
  'notices-email': 1,
  'notices-sms': 1,
  background: 2,
  feeds: 2,
}

export type Lane = keyof typeof LANES

type Handler<Name extends keyof JobPayloads> = (
  payload: JobPayloads[Name],
  context: { database: Database; signal?: AbortSignal; isLastTry: boolean },
) => Promise<void>

/** What is done for all rows that are due by now. */
const background = (
  work: (db: Database, now: Date) => Promise<void>,
): [Lane, (_: unknown, context: { database: Database }) => Promise<void>] => [
  'background',
  (_, { database }) => work(database, clock.now()),
]

/**
 * A job may be done twice, once by a process that was taken for dead and is not (a machine that slept): each handler
 * must find out from the database that it is done. Only an e-mail can come twice so, under one Message-ID.
 */
const handlers: { [Name in keyof JobPayloads]: [Lane, Handler<Name>] } = {
  'start-password-reset': ['codes', startPasswordReset],
  'send-sms': ['codes', sendQueuedMessage],
  'check-payment': ['bank', checkAttempt],
  'sweep-payments': ['bank', sweepAttempts],
  'submit-refund': ['bank', (told, context) => submitRefund(told, context)],
  'check-refund': ['bank', (told, context) => checkRefund(told, context)],
  'sweep-refunds': ['bank', sweepRefunds],
  'compare-settlement': ['bank', (told, context) => compareSettlement(told, context)],
  'find-unsettled': background(findUnsettled),
  'sandbox-bank-callback': ['bank', callMerchant],
  'send-email': ['email', sendQueuedMessage],
  'send-message': ['email', sendQueuedMessage],
  'send-notices-email': ['notices-email', (_, { database }) => sendNotices(database, 'email')],
  'send-notices-sms': ['notices-sms', (_, { database }) => sendNotices(database, 'sms')],
  'hand-over-notices': background(handOverNotices),
  'make-reminders': background(makeReminders),
  'remove-unused-documents': ['background', ({ documentIds }) => removeUnused(documentIds)],
  'remove-old-documents': background(removeDecidedDocuments),
  'scan-documents': background(scanWaitingDocuments),
  'make-own-data-export': ['background', makeExport],
  'erase-own-data-exports': background(eraseOldExports),
  'make-unpaid-list': ['background', makeList],
  'forget-account-data': background(forgetAccountData),
  'forget-cases': ['background', forgetCases],
  'forget-drafts': background(forgetOldDrafts),
  'count-requests': background(countRequests),
  'forget-viewers': background(forgetViewers),
  'end-access': background(endAccess),
  'forget-directories': background(forgetDirectories),
  'forget-tries': background(forgetOldTries),
  'forget-forms': background(forgetForms),
  'make-audit-months': background(makeMonths),
  'forget-events': background(forgetEvents),
  'forget-looks': background(forgetLooks),
  'forget-messages': background(forgetMessages),
  'forget-notices': background(forgetNotices),
  'forget-payment-events': background(forgetPaymentEvents),
  'forget-settlements': background(forgetSettlements),
  'forget-pay-links': background(forgetPayLinks),
  'forget-readings': background(forgetReadings),
  'load-feeds': ['feeds', loadUploads],
  'forget-feed-files': background(forgetFeedFiles),
  'report-silent-billers': background(reportSilentBillers),
  'report-failed-jobs': background(reportFailedJobs),
}

/** The handlers of a lane, by default of all, as graphile-worker takes them. */
export const taskList = (only?: Lane): TaskList =>
  Object.fromEntries(
    Object.entries(handlers)
      .filter(([, [lane]]) => !only || lane === only)
      .map(([name, [, handle]]) => [name, asTask(name, handle as Handler<never>)]),
  )

/**
 * What a handler throws ends here: the queue keeps an error's message and prints it, and a database error's message
 * carries the row's values, a mail server's the address. Facts alone go on. Whatever it logs, records and enqueues has the id of the
 * request that caused it.
 */
const asTask =
  (task: string, handle: Handler<never>): Task =>
  (payload, { abortSignal: signal, job: { id: job, attempts: attempt, max_attempts: of } }) => {
    const { told, requestId } = readPayload(payload)
    const isLastTry = attempt >= of
    // Of a message, which of the catalogue's: whoever reads the log knows what people wait for.
    const { message } = told as { message?: string }
    const about = { task, ...(message !== undefined && { message }), job, attempt }
    return onBehalfOf(requestId, async () => {
      const began = performance.now()
      try {
        await asJob(() => handle(told as never, { database: database(), signal, isLastTry }))
      } catch (error) {
        const facts = errorFacts(error)
        if (isLastTry) log.error({ ...about, of, ...facts }, 'a job failed for good')
        else log.warn({ ...about, of, ...facts }, 'a job failed and is tried again')
        throw new Error([facts.error, facts.code, facts.says, facts.stack].filter(Boolean).join('\n'))
      }
      // Those of the calendar come every minute.
      const level = requestId === undefined ? 'debug' : 'info'
      log[level]({ ...about, ms: Math.round(performance.now() - began) }, 'a job was done')
    })
  }
