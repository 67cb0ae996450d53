// E-mail by SMTP.
import fs from 'node:fs'
import { createTransport, type Transporter } from 'nodemailer'
import { languageTag } from '../i18n/locale.ts'
import { env } from '../platform/env.ts'
import type { Delivery } from './catalogue.ts'
import { type MailError, type Outcome, outcomeOfMailError } from './rules.ts'

let transport: Transporter | undefined

/** What is signed: the usual headers, and those by which a mailbox unsubscribes, as RFC 8058 asks. */
const SIGNED = [
  ...['From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'MIME-Version', 'Content-Type'],
  ...[
    'Content-Transfer-Encoding',
    'Content-Language',
    'Auto-Submitted',
    'List-Unsubscribe',
    'List-Unsubscribe-Post',
  ],
].join(':')

/** What signs e-mails, where the settings name it. Throws a sentence where its file cannot be read. */
export function getDkim() {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_KEY_FILE } = env()
  if (!DKIM_DOMAIN || !DKIM_SELECTOR || !DKIM_KEY_FILE) return undefined
  const privateKey = readKey(DKIM_KEY_FILE)
  return { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey, headerFieldNames: SIGNED }
}

function readKey(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The file of DKIM_KEY_FILE cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Resolves where the mail server at that address lets the portal in; sends nothing. */
export async function verifyMailServer(url: string): Promise<void> {
  const asked = createTransport({ url, requireTLS: true })
  await asked.verify().finally(() => asked.close())
}

/** Sends an e-mail, as text and as HTML. Its headers are the same at every try. */
export async function sendMail({
  id,
  to,
  subject,
  text,
  html,
  language,
  createdAt,
  unsubscribe,
}: Delivery): Promise<Outcome> {
  const { SMTP_URL, MAIL_FROM, APP_URL, MESSAGE_TIMEOUT_SECONDS } = env()
  // The address's own query (`?requireTLS=false`) goes before these.
  transport ??= createTransport({ url: SMTP_URL, requireTLS: true, dkim: getDkim() })
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
      headers: {
        'Auto-Submitted': 'auto-generated',
        'Content-Language': languageTag[language],
        ...(unsubscribe && {
          'List-Unsubscribe': `<${unsubscribe}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
      },
      signal: AbortSignal.timeout(MESSAGE_TIMEOUT_SECONDS * 1000),
    })
    return { state: 'sent' }
  } catch (error) {
    return outcomeOfMailError(error as MailError)
  }
}
