// Which function does which job, and in which lane. Each lives in its area's jobs.ts.
import type { Task, TaskList } from 'graphile-worker'
import type { Database } from '../../db/client.ts'
import { startPasswordReset } from '../accounts/passwords.ts'
import { forgetAccountData } from '../accounts/retention.ts'
import { forgetCases } from '../cases/jobs.ts'
import { removeOldDocuments, removeUnusedDocuments, scanDocuments } from '../files/jobs.ts'
import { forgetForms } from '../forms/retention.ts'
import { sendQueuedMessage } from '../notifications/jobs.ts'
import { forgetMessages } from '../notifications/retention.ts'
import { makeExport } from '../own-data/copy.ts'
import { eraseExports } from '../own-data/jobs.ts'
import { checkAttempt, sweepAttempts } from '../payments/jobs.ts'
import { forgetPaymentEvents } from '../payments/retention.ts'
import { forgetEvents } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { asJob, database } from '../platform/database.ts'
import type { JobPayloads } from '../platform/jobs.ts'
import { errorFacts, log } from '../platform/log.ts'
import { forgetOldTries } from '../platform/rate-limits.ts'
import { callMerchant } from '../sandbox-bank/jobs.ts'
import { reportFailedJobs } from './failed.ts'

/**
 * How many jobs of a lane a process does at once. Lanes never wait for each other: what asks a bank, the SMS provider or the
 * mail server has one each, so that one of them that hangs keeps nobody from the others.
 */
export const LANES = { codes: 3, bank: 3, email: 2, background: 2 }

export type Lane = keyof typeof LANES

type Handler<Name extends keyof JobPayloads> = (
  payload: JobPayloads[Name],
  context: { database: Database },
) => Promise<void>

/**
 * A job may be done twice, once by a process that was taken for dead and is not (a machine that slept): each handler
 * must find out from the database that it is done. Only an e-mail can come twice so, under one Message-ID.
 */
const handlers: { [Name in keyof JobPayloads]: [Lane, Handler<Name>] } = {
  'start-password-reset': ['codes', startPasswordReset],
  'send-sms': ['codes', sendQueuedMessage],
  'check-payment': ['bank', checkAttempt],
  'sweep-payments': ['bank', sweepAttempts],
  'sandbox-bank-callback': ['bank', callMerchant],
  'send-email': ['email', sendQueuedMessage],
  'send-message': ['email', sendQueuedMessage],
  'remove-unused-documents': ['background', removeUnusedDocuments],
  'remove-old-documents': ['background', removeOldDocuments],
  'scan-documents': ['background', scanDocuments],
  'make-own-data-export': ['background', makeExport],
  'erase-own-data-exports': ['background', eraseExports],
  'forget-account-data': ['background', (_, { database }) => forgetAccountData(database, clock.now())],
  'forget-cases': ['background', forgetCases],
  'forget-tries': ['background', (_, { database }) => forgetOldTries(database, clock.now())],
  'forget-forms': ['background', (_, { database }) => forgetForms(database, clock.now())],
  'forget-events': ['background', (_, { database }) => forgetEvents(database, clock.now())],
  'forget-messages': ['background', (_, { database }) => forgetMessages(database, clock.now())],
  'forget-payment-events': ['background', (_, { database }) => forgetPaymentEvents(database, clock.now())],
  'report-failed-jobs': ['background', (_, { database }) => reportFailedJobs(database)],
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
 * carries the row's values, a mail server's the address. Facts alone go on.
 */
const asTask =
  (task: string, handle: Handler<never>): Task =>
  async (payload, { job: { id: job, attempts: attempt, max_attempts: of } }) => {
    try {
      await asJob(() => handle(payload as never, { database: database() }))
    } catch (error) {
      const facts = errorFacts(error)
      if (attempt < of) log.warn({ task, job, attempt, of, ...facts }, 'a job failed and is tried again')
      else log.error({ task, job, attempt, of, ...facts }, 'a job failed for good')
      throw new Error([facts.error, facts.code, facts.says, facts.stack].filter(Boolean).join('\n'))
    }
  }
