// The ways a message leaves the portal. In the demonstration none does: /outbox shows it.
import { env } from '../platform/env.ts'
import type { Channel, MessageContent } from './outbox.ts'

/** Hands a message over, or throws so that the queue tries again. */
export async function deliver(channel: Channel, _content: MessageContent): Promise<void> {
  if (env().DEMO) return
  throw new Error(`No ${channel} channel is configured.`)
}
