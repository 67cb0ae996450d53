// The address at which a kind of notice is switched off without signing in (RFC 8058).
import { env } from '../platform/env.ts'
import { seal, unseal } from '../platform/seal.ts'
import { isNoticeKind, type NoticeKind } from './notice-kinds.ts'

/** What an address switches off; `contractId` null: for all contracts. */
export type Unsubscribed = { accountId: string; kind: NoticeKind; contractId: number | null }

/** Sealed, so that nobody makes one, and the address names nobody. It does not expire: an e-mail may be read years later. */
export const unsubscribeToken = (accountId: string, kind: NoticeKind, contractId: number | null): string =>
  seal(JSON.stringify([accountId, kind, contractId]), 'unsubscribe')

/** Undefined where it was not made here. */
export function readUnsubscribeToken(token: string): Unsubscribed | undefined {
  const text = unseal(token, 'unsubscribe')
  if (text === undefined) return undefined
  const [accountId, kind, contractId] = JSON.parse(text)
  return isNoticeKind(kind) ? { accountId, kind, contractId } : undefined
}

/** Where e-mails of the kind are switched off, for all contracts. */
export const unsubscribeLink = (accountId: string, kind: NoticeKind): string =>
  `${env().APP_URL}/unsubscribe/${unsubscribeToken(accountId, kind, null)}`
