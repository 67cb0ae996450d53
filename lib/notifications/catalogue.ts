// The messages the portal sends: by which channel each goes, and what its texts need. A new one is a line here and in
// notice-kinds.ts, its texts (in the namespace `messages`: `subject` and `email`, or `sms`; `action` where there is a link), and a
// call of notify or sendMessage.
import type { MessageChannel, RefundWay } from '../../db/enums.ts'
import type { Locale } from '../i18n/locale.ts'

/** `Values` is known to the compiler alone. */
type Message<Values> = { by: readonly MessageChannel[]; values?: Values }

const by = <Values = object>(...channels: MessageChannel[]): Message<Values> => ({ by: channels })

/** `minutes`: how long it is taken. After that the message is not sent any more. */
type Code = { code: string; minutes: number }
type Link = { link: string; days: number }
type OfContract = { contractCode: string; biller: string; link: string }
type OfDay = { on: string; day: string }
type OfCase = { subject: string; email: string; link: string; action: string; biller: string }
/** `facts`: what is said of it beside the amount, in the reader's language, as `amount` and `day` are. */
type OfPayment = {
  number: string
  amount: string
  day: string
  biller: string
  facts: { label: string; value: string }[]
}

type OfSurplus = Pick<OfPayment, 'number' | 'amount' | 'biller'>

/** To whatever address or number somebody typed (sendMessage): they name nobody and nothing of anybody's. */
export const openMessages = {
  'registration-code': by<Code>('sms'),
  'contact-code-email': by<Code>('email'),
  'contact-code-sms': by<Code>('sms'),
  'verify-email': by<Link>('email'),
  /** Only in the demonstration: nobody has the phones of its staff. */
  'second-step-code': by<Code>('email'),
  /** Texts of a kind of case (lib/cases). */
  'case-told': by<OfCase>('email'),
  'link-surplus': by<OfSurplus>('email'),
  /** `way`: to the card, or in the biller's books. */
  'link-refunded': by<OfSurplus & { way: RefundWay }>('email'),
  'link-charged-back': by<OfSurplus>('email'),
  /** To whoever paid without an account; `linked`: whether the way to the receipt is known. */
  'link-receipt': by<OfPayment & { linked: 'yes' | 'no'; link?: string }>('email'),
}

/** To an account (notify): by e-mail to a verified address alone. Its owner's `firstName` is there for each of them. */
export const notifications = {
  'reset-link': by<{ link: string; minutes: number }>('email'),
  'reset-code': by<Code>('sms'),
  'password-changed': by('email'),
  'email-changed': by<Link>('email'),
  'phone-changed': by<Link>('sms'),
  'new-device': by<{ device: string }>('email'),
  welcome: by('email'),
  'second-step-on': by('email'),
  'second-step-off': by('email'),
  'recovery-codes-renewed': by('email'),
  'recovery-code-used': by<{ left: number }>('email'),
  'passkey-added': by('email'),
  'passkey-removed': by('email'),
  'account-closed': by('email'),
  'account-closed-by-dispute': by('email', 'sms'),
  'own-data-ready': by<{ link: string; hours: number }>('email'),
  'unpaid-list-ready': by<{ link: string; hours: number }>('email'),
  'contract-added-by-other': by<OfContract>('email'),
  'contract-proved-by-other': by<OfContract>('email'),
  /** To whose access it was; `on`, in words `day`: until when it lasts, or that of the holder who moves out; `limited`: whether there is one. */
  'access-changed': by<OfContract & OfDay & { change: string; limited: 'yes' | 'no' }>('email'),
  'access-of-other-ended': by<OfContract>('email'),
  'handover-changed': by<OfContract & OfDay & { change: 'named' | 'undone' }>('email'),
  /** At the counter; `holder-of-yours`: to whoever else holds the contract. */
  'holder-recognised': by<OfContract>('email', 'sms'),
  'holder-withdrawn': by<OfContract>('email', 'sms'),
  'holder-of-yours': by<OfContract & { change: 'recognised' | 'withdrawn' }>('email', 'sms'),
  /** Staff helped whoever could not sign in. */
  'wait-lifted': by('email', 'sms'),
  'second-step-lifted': by('email', 'sms'),
  'payment-received': by<OfPayment & { link: string }>('email'),
  /** To whoever sent the link. */
  'pay-link-paid': by<OfPayment & { link: string }>('email'),
  /** To whoever paid, or sent the link: what of it another payment has paid. */
  'payment-surplus': by<OfSurplus & { link: string }>('email'),
  /** To whoever paid, or sent the link: what of a payment was given back, or that their bank took it back. */
  'payment-refunded': by<OfSurplus & { link: string; way: RefundWay }>('email'),
  'payment-charged-back': by<OfSurplus & { link: string }>('email'),
  'case-told': by<OfCase & { sms: string }>('email', 'sms'),
}

/** Made in sets, by feeds and by time (lib/notices): by e-mail and SMS as chosen, worded when they are read and when they are sent. */
export const madeNoticeKinds = [
  'new-invoice',
  'invoice-corrected',
  'invoice-cancelled',
  'payment-elsewhere',
  'due-soon',
  'overdue',
  'statement',
  'disconnection-announced',
  'disconnection-withdrawn',
  'disconnected',
  'reconnected',
  'outage-planned',
  'outage-cancelled',
  'threshold-near',
] as const
export type MadeNoticeKind = (typeof madeNoticeKinds)[number]

/**
 * What a notice keeps of a message to be worded in whatever language its reader has by then: `amount` in minor units with its
 * `currency`, `on` a day, `at` an ISO time, `path` where it leads. Nobody's name, no secret.
 */
export type NoticeValues = Record<string, string | number>

type Of<Catalogue> = {
  [Kind in keyof Catalogue]: Catalogue[Kind] extends Message<infer Values> ? { kind: Kind } & Values : never
}[keyof Catalogue]

/** What to say: a message's kind with the values of its texts. */
export type OpenMessage = Of<typeof openMessages>
export type Notification = Of<typeof notifications>

/** What the seal holds. An SMS has its text alone. `unsubscribe`: where whoever wants no more such e-mails is led, and their mailbox posts. */
export type MessageContent = {
  to: string
  subject?: string
  text: string
  html?: string
  unsubscribe?: string
}
/** A message as a channel takes it. Its id goes along, so that the other side can tell a second try from a second message. */
export type Delivery = MessageContent & { id: string; language: Locale; createdAt: Date }
