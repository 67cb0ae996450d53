// SMS by Infobip: POST /sms/3/messages, and the delivery reports that it posts to us.
import { z } from 'zod'
import { env } from '../platform/env.ts'
import { parseJson } from '../platform/json.ts'
import { isKeyedHash, keyedHash } from '../platform/seal.ts'
import type { Delivery } from './catalogue.ts'
import { type Outcome, outcomeOf, outcomeOfHttpStatus } from './rules.ts'

const status = z.object({ groupName: z.string(), name: z.string().optional() })
const sendAnswer = z.object({ messages: z.tuple([z.object({ status })]) })
const report = z.object({
  messageId: z.uuid(),
  status,
  error: z.object({ permanent: z.boolean() }).optional().catch(undefined),
})
const reports = z.object({ results: z.array(z.unknown()) })

/** Infobip signs nothing: who knows this key is Infobip. */
const reportKey = () => keyedHash('infobip', 'delivery reports')

export const isReportKey = (key: string): boolean => isKeyedHash(key, 'infobip', 'delivery reports')

/** Hands an SMS over under our id. */
export async function sendSms({ id, to, text }: Delivery): Promise<Outcome> {
  const { APP_URL, INFOBIP_BASE_URL, INFOBIP_API_KEY, SMS_SENDER, MESSAGE_TIMEOUT_SECONDS } = env()
  const webhook = new URL('/api/messages/infobip/report', APP_URL)
  webhook.searchParams.set('key', reportKey())
  const message = {
    sender: SMS_SENDER,
    destinations: [{ to: to.replace(/^\+/, ''), messageId: id }],
    content: { text },
    webhooks: { delivery: { url: webhook.href }, contentType: 'application/json' },
  }
  try {
    const response = await fetch(new URL('/sms/3/messages', INFOBIP_BASE_URL), {
      method: 'POST',
      headers: { Authorization: `App ${INFOBIP_API_KEY}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ messages: [message] }),
      redirect: 'error',
      signal: AbortSignal.timeout(MESSAGE_TIMEOUT_SECONDS * 1000),
    })
    const body = await response.text()
    if (!response.ok) return outcomeOfHttpStatus(response.status)
    const answer = sendAnswer.safeParse(parseJson(body))
    const outcome = answer.success ? outcomeOf(answer.data.messages[0].status) : undefined
    return outcome ?? { state: 'again', failure: 'not-understood' }
  } catch (error) {
    const timedOut = (error as Error).name === 'TimeoutError'
    return { state: 'again', failure: timedOut ? 'timeout' : 'no-connection' }
  }
}

/** What a body of delivery reports says of which messages; entries that say nothing usable are left out. Undefined: no reports. */
export function readReports(body: string): { id: string; outcome: Outcome }[] | undefined {
  const parsed = reports.safeParse(parseJson(body))
  if (!parsed.success) return undefined
  return parsed.data.results.flatMap(entry => {
    const { data } = report.safeParse(entry)
    const outcome = data && outcomeOf(data.status, data.error?.permanent)
    return outcome ? [{ id: data.messageId, outcome }] : []
  })
}
