// What reaches us from outside in a bank's name: read, limited where it is not genuine, and received.
import { database } from '../platform/database.ts'
import { countTry } from '../platform/rate-limits.ts'
import { receiveAnswer } from './answers.ts'
import type { Incoming } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'

/** No answer of a bank comes near this many bytes. */
const MAX_LENGTH = 20_000
/** Forged or broken answers, per address. Genuine ones are never limited. */
const FORGERIES = { name: 'payment-forgeries', points: 60, seconds: 600 }

/** A request's body as text; undefined where it is longer than any bank's answer, which is not read to its end. */
export async function readBody(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length
    if (length > MAX_LENGTH) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(part.value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `refused`: no answer of that bank, not authentic, or of no order of ours. `seconds`: how long to wait. */
export async function receiveIncoming(
  gatewayName: string,
  incoming: Incoming,
  address: string,
  now: Date,
): Promise<{ status: 'applied' | 'refused' | 'no-gateway' } | { status: 'limited'; seconds: number }> {
  const gateway = findGateway(gatewayName)
  if (!gateway) return { status: 'no-gateway' }
  const answer = gateway.read(incoming)
  if (!answer?.authentic) {
    const seconds = await countTry(FORGERIES, address)
    if (seconds > 0) return { status: 'limited', seconds }
  }
  if (!answer) return { status: 'refused' }
  const received = await receiveAnswer(database(), gatewayName, incoming.channel, answer, now)
  return { status: received === 'applied' ? 'applied' : 'refused' }
}
