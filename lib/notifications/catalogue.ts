// The messages the portal sends: by which channel each goes, and what its texts need. A new one is a line here, its texts (in
// the namespace `messages`: `subject` and `email`, or `sms`; `action` where there is a link), and a call of notify or sendMessage.
import type { MessageChannel } from '../../db/enums.ts'
import type { Locale } from '../i18n/locale.ts'

/** `asChosen`: by those channels that the customer chose for notices. `Values` is known to the compiler alone. */
type Message<Values> = { by: readonly MessageChannel[]; asChosen?: true; values?: Values }

const by = <Values = object>(...channels: MessageChannel[]): Message<Values> => ({ by: channels })
const asChosenBy = <Values>(...channels: MessageChannel[]): Message<Values> => ({
  by: channels,
  asChosen: true,
})

/** `minutes`: how long it is taken. After that the message is not sent any more. */
type Code = { code: string; minutes: number }
type Link = { link: string; days: number }
type OfContract = { contractCode: string; biller: string; link: string }
type OfCase = { subject: string; email: string; link: string; action: string; biller: string }
/** `facts`: what is said of it beside the amount, in the reader's language, as `amount` and `day` are. */
type OfPayment = {
  number: string
  amount: string
  day: string
  biller: string
  link: string
  facts: { label: string; value: string }[]
}

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
  'account-closed': by('email'),
  'account-closed-by-dispute': by('email', 'sms'),
  'own-data-ready': by<{ link: string; hours: number }>('email'),
  'contract-added-by-other': by<OfContract>('email'),
  'contract-proved-by-other': by<OfContract>('email'),
  /** At the counter; `holder-of-yours`: to whoever else holds the contract. */
  'holder-recognised': by<OfContract>('email', 'sms'),
  'holder-withdrawn': by<OfContract>('email', 'sms'),
  'holder-of-yours': by<OfContract & { change: 'recognised' | 'withdrawn' }>('email', 'sms'),
  /** Staff helped whoever could not sign in. */
  'wait-lifted': by('email', 'sms'),
  'second-step-lifted': by('email', 'sms'),
  'payment-received': asChosenBy<OfPayment>('email'),
  'case-told': asChosenBy<OfCase & { sms: string }>('email', 'sms'),
}

type Of<Catalogue> = {
  [Kind in keyof Catalogue]: Catalogue[Kind] extends Message<infer Values> ? { kind: Kind } & Values : never
}[keyof Catalogue]

/** What to say: a message's kind with the values of its texts. */
export type OpenMessage = Of<typeof openMessages>
export type Notification = Of<typeof notifications>

/** What the seal holds. An SMS has its text alone. */
export type MessageContent = { to: string; subject?: string; text: string; html?: string }
/** A message as a channel takes it. Its id goes along, so that the other side can tell a second try from a second message. */
export type Delivery = MessageContent & { id: string; language: Locale; createdAt: Date }
