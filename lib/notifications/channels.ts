// The ways a message leaves the portal. In the demonstration none does: /outbox shows it.
import type { MessageChannel } from '../../db/enums.ts'
import { env } from '../platform/env.ts'
import type { Delivery } from './catalogue.ts'
import { sendSms } from './infobip.ts'
import type { Outcome } from './rules.ts'
import { sendMail } from './smtp.ts'

/** Hands a message over once and says what came of it; throws only for bugs. */
export async function deliver(channel: MessageChannel, delivery: Delivery): Promise<Outcome> {
  if (env().DEMO) return { state: 'sent' }
  return channel === 'sms' ? sendSms(delivery) : sendMail(delivery)
}
