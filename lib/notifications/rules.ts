// The states of a message, and what follows from what a channel says.
import type { MessageState } from '../../db/enums.ts'

/**
 * What a try came to. `again`: temporary, to be tried later. `failure`: a word or a code for staff, nothing personal.
 * `undeliverable`: the channel says that nothing will ever arrive at this address or number.
 */
export type Outcome =
  | { state: 'sent' | 'delivered' }
  | { state: 'failed'; failure: string; undeliverable?: true }
  | { state: 'again'; failure: string }

/** With the queue's pauses (e, e², … e¹⁰ seconds, from then on six hours) the last try comes after about 16 hours. */
export const MAX_TRIES = 12

/**
 * From which states a message may come to another. Reports come twice and in any order: a delivery is never taken
 * back, and an early report of progress says nothing new of a message that has failed.
 */
export const MAY_FOLLOW = {
  sent: ['queued'],
  failed: ['queued', 'sent'],
  delivered: ['queued', 'sent', 'failed'],
} as const satisfies Partial<Record<MessageState, MessageState[]>>

/** What says that a channel takes nothing now, from whomever: no connection, no answer, an overload, refused credentials. */
const CHANNEL_DOWN = new Set([
  ...['timeout', 'no-connection', 'http-401', 'http-403', 'http-429', 'http-502', 'http-503', 'http-504'],
  ...['EABORT', 'ETIMEDOUT', 'ECONNECTION', 'ESOCKET', 'EDNS', 'ETLS', 'EAUTH', 'smtp-421'],
])

export const isChannelDown = (failure: string): boolean => CHANNEL_DOWN.has(failure)

export type InfobipStatus = { groupName: string; name?: string }

/**
 * What a status of Infobip says of a message; undefined for groups that it does not document. `permanent`: as its report says: a phone
 * that is switched off is undeliverable, too, and not for good.
 */
export function outcomeOf({ groupName, name }: InfobipStatus, permanent = false): Outcome | undefined {
  // The id is ours alone: an earlier try had arrived, only its answer had not.
  if (name === 'REJECTED_DUPLICATE_MESSAGE_ID') return { state: 'sent' }
  switch (groupName) {
    case 'ACCEPTED':
    case 'PENDING':
      return { state: 'sent' }
    case 'DELIVERED':
      return { state: 'delivered' }
    case 'UNDELIVERABLE':
      return { state: 'failed', failure: name ?? groupName, ...(permanent && { undeliverable: true }) }
    case 'EXPIRED':
    case 'REJECTED':
      return { state: 'failed', failure: name ?? groupName }
    default:
      return undefined
  }
}

/** Refused credentials are the portal's fault and can be put right, like an overload or a fault over there. */
const TEMPORARY_STATUS = new Set([401, 403, 408, 425, 429])

export const outcomeOfHttpStatus = (status: number): Outcome => ({
  state: status >= 500 || TEMPORARY_STATUS.has(status) ? 'again' : 'failed',
  failure: `http-${status}`,
})

export type MailError = { code?: string; responseCode?: number; command?: string; response?: string }

/** What nodemailer's error says: only the recipient or the message itself being refused for good ends the tries. */
export function outcomeOfMailError({ code, responseCode, command, response = '' }: MailError): Outcome {
  const failure = responseCode === undefined ? (code ?? 'unknown') : `smtp-${responseCode}`
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  const forGood = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
  if (!aboutMessage || !forGood) return { state: 'again', failure }
  if (command !== 'RCPT TO') return { state: 'failed', failure }
  const detail = enhancedCode.exec(response)?.[1]
  if (responseCode === MAILBOX_FULL || detail === '2.2') return { state: 'again', failure }
  const isGone = detail === undefined ? NO_MAILBOX.has(responseCode ?? 0) : NO_MAILBOX_DETAILS.has(detail)
  return { state: 'failed', failure, ...(isGone && { undeliverable: true }) }
}

/** `550 5.1.1 …`: what RFC 3463 adds to the code of RFC 5321. */
const enhancedCode = /\b5\.(\d{1,3}\.\d{1,3})\b/
/** It may have room again. */
const MAILBOX_FULL = 552
/** No such mailbox; the recipient has moved; no such name. Of the sender, or of a policy, servers that say more say so by their detail. */
const NO_MAILBOX = new Set([550, 551, 553])
/** No such mailbox or host, not an address, moved, takes no mail; the mailbox is disabled. */
const NO_MAILBOX_DETAILS = new Set(['1.1', '1.2', '1.3', '1.6', '1.10', '2.1'])
