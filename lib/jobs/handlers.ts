// Which function does which job. Each lives in its area's jobs.ts.
import type { TaskList } from 'graphile-worker'
import type { Database } from '../../db/client.ts'
import { eraseExports, forgetAccounts } from '../accounts/jobs.ts'
import { makeExport } from '../accounts/own-data.ts'
import { startPasswordReset } from '../accounts/passwords.ts'
import { sendQueuedMessage } from '../notifications/jobs.ts'
import { checkPayment, sweepPayments } from '../payments/jobs.ts'
import { callMerchant } from '../payments/sandbox-bank/jobs.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { forgetOldTries } from '../platform/rate-limits.ts'
import { removeOldDocuments, removeUnusedDocuments, scanDocuments } from '../uploads/jobs.ts'
import type { JobPayloads } from './payloads.ts'

type Handler<Name extends keyof JobPayloads> = (
  payload: JobPayloads[Name],
  context: { database: Database },
) => Promise<void>

const handlers: { [Name in keyof JobPayloads]: Handler<Name> } = {
  'send-message': sendQueuedMessage,
  'start-password-reset': startPasswordReset,
  'check-payment': checkPayment,
  'sweep-payments': sweepPayments,
  'sandbox-bank-callback': callMerchant,
  'remove-unused-documents': removeUnusedDocuments,
  'remove-old-documents': removeOldDocuments,
  'scan-documents': scanDocuments,
  'make-own-data-export': makeExport,
  'erase-own-data-exports': eraseExports,
  'forget-account-data': forgetAccounts,
  'forget-tries': (_, { database }) => forgetOldTries(database, clock.now()),
}

/** The handlers as graphile-worker takes them. */
export const taskList = (): TaskList =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (payload: unknown) => (handle as Handler<never>)(payload as never, { database: database() }),
    ]),
  )
