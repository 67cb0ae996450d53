// E-mail by SMTP.
import { createTransport, type Transporter } from 'nodemailer'
import { languageTag } from '../i18n/locale.ts'
import { env } from '../platform/env.ts'
import type { Delivery } from './catalogue.ts'
import { type Outcome, outcomeOfMailError } from './rules.ts'

let transport: Transporter | undefined

/** Sends an e-mail, as text and as HTML. Its headers are the same at every try. */
export async function sendMail({
  id,
  to,
  subject,
  text,
  html,
  language,
  createdAt,
}: Delivery): Promise<Outcome> {
  const { SMTP_URL, MAIL_FROM, APP_URL, MESSAGE_TIMEOUT_SECONDS } = env()
  // The address's own query (`?requireTLS=false`) goes before these.
  transport ??= createTransport({ url: SMTP_URL, requireTLS: true })
  try {
    await transport.sendMail({
      from: MAIL_FROM,
      // As an object it is one address, whatever characters it holds.
      to: { name: '', address: to },
      subject,
      text,
      html,
      date: createdAt,
      messageId: `<${id}@${new URL(APP_URL).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': languageTag[language] },
      signal: AbortSignal.timeout(MESSAGE_TIMEOUT_SECONDS * 1000),
    })
    return { state: 'sent' }
  } catch (error) {
    return outcomeOfMailError(error as { code?: string; responseCode?: number })
  }
}
