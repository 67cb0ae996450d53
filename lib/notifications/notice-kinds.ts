// The kinds of notice that customers choose by: every message to an account is of one of them, or holds a secret and is of none.
import type { MessageChannel } from '../../db/enums.ts'
import type { MadeNoticeKind, Notification } from './catalogue.ts'

/** `channels`: what there is of it beside the inbox. `isChosen`: by those that the customer chose; else it always goes. */
type NoticeKindFacts = { channels: readonly MessageChannel[]; isChosen: boolean }

const BOTH = ['email', 'sms'] as const

/** In the order in which they are offered. */
export const noticeKinds = {
  'new-invoice': { channels: BOTH, isChosen: true },
  'due-soon': { channels: BOTH, isChosen: true },
  overdue: { channels: BOTH, isChosen: true },
  /** On the day of the month that the customer named. */
  statement: { channels: BOTH, isChosen: true },
  'invoice-changed': { channels: BOTH, isChosen: true },
  payment: { channels: BOTH, isChosen: true },
  /** Of a payment made here. */
  receipt: { channels: ['email'], isChosen: true },
  disconnection: { channels: BOTH, isChosen: true },
  outage: { channels: BOTH, isChosen: true },
  /** The month's use comes near the limit from which it costs more. */
  threshold: { channels: BOTH, isChosen: true },
  requests: { channels: BOTH, isChosen: true },
  /** Who sees the data of one's contract. */
  access: { channels: BOTH, isChosen: false },
  /** Sign-ins and changes of the account. */
  account: { channels: BOTH, isChosen: false },
} as const satisfies Record<string, NoticeKindFacts>

export type NoticeKind = keyof typeof noticeKinds

export const isNoticeKind = (kind: string): kind is NoticeKind => Object.hasOwn(noticeKinds, kind)

/** Null: it holds a secret, or its reader is gone, and it is no notice. */
const KIND_OF: Record<Notification['kind'] | MadeNoticeKind, NoticeKind | null> = {
  'reset-link': null,
  'reset-code': null,
  'account-closed': null,
  'account-closed-by-dispute': null,
  'password-changed': 'account',
  'email-changed': 'account',
  'phone-changed': 'account',
  'new-device': 'account',
  welcome: 'account',
  'second-step-on': 'account',
  'second-step-off': 'account',
  'recovery-codes-renewed': 'account',
  'recovery-code-used': 'account',
  'passkey-added': 'account',
  'passkey-removed': 'account',
  'own-data-ready': 'account',
  'unpaid-list-ready': 'account',
  'wait-lifted': 'account',
  'second-step-lifted': 'account',
  'contract-added-by-other': 'access',
  'contract-proved-by-other': 'access',
  'holder-recognised': 'access',
  'holder-withdrawn': 'access',
  'holder-of-yours': 'access',
  'access-changed': 'access',
  'access-of-other-ended': 'access',
  'handover-changed': 'access',
  'payment-received': 'receipt',
  'pay-link-paid': 'payment',
  'payment-surplus': 'payment',
  'payment-refunded': 'payment',
  'payment-charged-back': 'payment',
  'case-told': 'requests',
  'new-invoice': 'new-invoice',
  'due-soon': 'due-soon',
  overdue: 'overdue',
  statement: 'statement',
  'invoice-corrected': 'invoice-changed',
  'invoice-cancelled': 'invoice-changed',
  'payment-elsewhere': 'payment',
  'disconnection-announced': 'disconnection',
  'disconnection-withdrawn': 'disconnection',
  disconnected: 'disconnection',
  reconnected: 'disconnection',
  'outage-planned': 'outage',
  'outage-cancelled': 'outage',
  'threshold-near': 'threshold',
}

export const noticeKindOf = (kind: string): NoticeKind | null => KIND_OF[kind as keyof typeof KIND_OF] ?? null
