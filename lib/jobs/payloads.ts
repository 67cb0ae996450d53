// What each job is told: ids only, never anything personal.
export type JobPayloads = {
  /** Sends one message of the outbox. */
  'send-message': { messageId: string }
}
