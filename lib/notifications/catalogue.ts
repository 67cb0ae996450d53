// The messages the portal sends, and what each needs to be written. `minutes` is how long a code or link in it is
// taken: after that the message is not sent any more.
import type { Locale } from '../i18n/locale.ts'

/** To whatever address or number somebody typed: they name nobody and nothing of anybody's. */
export type OpenMessageValues = {
  'registration-code': { code: string; minutes: number }
  'reset-code': { code: string; minutes: number }
  'contact-code-email': { code: string; minutes: number }
  'contact-code-sms': { code: string; minutes: number }
  'phone-changed': { link: string; days: number }
  'verify-email': { link: string; days: number }
  /** Only in the demonstration: nobody has the phones of its staff. */
  'second-step-code': { code: string; minutes: number }
  'account-closed-sms': Record<string, never>
  'dispute-granted': { link: string }
  'dispute-refused': { note: string }
}

/** E-mails to an account: they go to a verified address alone (mailAccount). */
export type AccountMailValues = {
  'reset-link': { link: string; minutes: number }
  'password-changed': { firstName: string }
  'email-changed': { link: string; days: number }
  'new-device': { firstName: string; device: string }
  welcome: { firstName: string }
  'second-step-on': { firstName: string }
  'second-step-off': { firstName: string }
  'recovery-codes-renewed': { firstName: string }
  'recovery-code-used': { firstName: string; left: number }
  'account-closed': { firstName: string }
  'account-closed-by-dispute': { firstName: string }
  'own-data-ready': { firstName: string; link: string; hours: number }
  'business-confirmed': { firstName: string; business: string; biller: string; link: string }
  'business-refused': { firstName: string; business: string; biller: string; note: string; link: string }
  'contract-added-by-other': { contractCode: string; biller: string; link: string }
  'contract-proved-by-other': { contractCode: string; biller: string; link: string }
  'payment-received': { amount: string; contractCode: string; number: string }
}

type MessageValues = OpenMessageValues & AccountMailValues
export type MessageKind = keyof MessageValues

export type Channel = 'email' | 'sms'
/** What the seal holds. An SMS has no subject. */
export type MessageContent = { to: string; subject?: string; text: string }
/** A message as a channel takes it. Its id goes along, so that the other side can tell a second try from a second message. */
export type Delivery = MessageContent & { id: string; language: Locale; createdAt: Date }
