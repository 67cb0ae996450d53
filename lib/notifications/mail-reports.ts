// What a mail service reports of e-mails that it took: POST /api/messages/email/report, signed with MAIL_REPORT_KEY.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { env } from '../platform/env.ts'
import { parseJson } from '../platform/json.ts'

const event = z.object({
  /** Our id of the message, or the Message-ID that it left under. */
  messageId: z
    .string()
    .transform(id => /^<?([0-9a-f-]{36})(?:@[^<>]*>?)?$/.exec(id)?.[1])
    .pipe(z.uuid()),
  kind: z.enum(['bounced', 'delayed', 'complained']),
  permanent: z.boolean().default(false),
})
const body = z.object({ events: z.array(z.unknown()) })

export type MailEvent = z.infer<typeof event>

/** Whether the signature is HMAC-SHA256 of the body as it came, in hexadecimal digits, with or without `sha256=` before it. */
export function isMailReport(raw: string, signature: string | null): boolean {
  const { MAIL_REPORT_KEY } = env()
  const [, digits] = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(signature ?? '') ?? []
  if (!MAIL_REPORT_KEY || !digits) return false
  return timingSafeEqual(
    createHmac('sha256', MAIL_REPORT_KEY).update(raw).digest(),
    Buffer.from(digits, 'hex'),
  )
}

/** Its events; those that say nothing usable are left out. Undefined: it is no report. */
export function readMailReport(raw: string): MailEvent[] | undefined {
  const parsed = body.safeParse(parseJson(raw))
  return parsed.data?.events.flatMap(one => event.safeParse(one).data ?? [])
}
