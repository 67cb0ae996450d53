// What each job is told: ids only, never anything personal in clear.
export type JobPayloads = {
  /** Sends one message of the outbox. */
  'send-message': { messageId: string }
  /** Looks up who forgot a password; `identifier` is sealed. */
  'start-password-reset': { resetId: string; identifier: string }
  /** Asks the bank what became of an attempt to pay. */
  'check-payment': { attemptId: string }
  /** The sandbox bank tells its merchant, `calls` times, what became of an order. */
  'sandbox-bank-callback': { orderNumber: string; calls: number }
}
