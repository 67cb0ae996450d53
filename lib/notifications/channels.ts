// The ways a message leaves the portal. In the demonstration none does: /outbox shows it.
import type { Locale } from '../i18n/locale.ts'
import { env } from '../platform/env.ts'
import { sendSms } from './infobip.ts'
import type { Channel, MessageContent } from './outbox.ts'
import type { Outcome } from './rules.ts'
import { sendMail } from './smtp.ts'

/** A message as a channel takes it. Its id goes along, so that the other side can tell a second try from a second message. */
export type Delivery = MessageContent & { id: string; language: Locale; createdAt: Date }

/** Hands a message over once and says what came of it; throws only for bugs. */
export async function deliver(channel: Channel, delivery: Delivery): Promise<Outcome> {
  if (env().DEMO) return { state: 'sent' }
  return channel === 'sms' ? sendSms(delivery) : sendMail(delivery)
}
