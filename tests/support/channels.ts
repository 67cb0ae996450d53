// A mail server and an SMS provider on sockets of this machine, which behave as a test tells them.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type SmsRequest = {
  path: string
  authorization: string | undefined
  message: {
    sender: string
    destinations: { to: string; messageId: string }[]
    content: { text: string }
    webhooks: { delivery: { url: string }; contentType: string }
  }
}

/** How the provider answers one request; `accept` takes the message as it would have without being told. */
export type SmsReply = (response: http.ServerResponse, accept: () => object) => void

export const reply =
  (status: number, body: unknown = {}): SmsReply =>
  response =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))

/** Infobip's answer for one message. */
export const smsStatus = (groupName: string, name = groupName) => ({
  bulkId: 'bulk',
  messages: [{ messageId: 'an-id', status: { groupName, name }, destination: 'a-number' }],
})

/**
 * An SMS provider like Infobip: takes a message once per id and refuses the id from then on. `replies` are used up by
 * the next requests; without one it accepts.
 */
export async function startSmsProvider() {
  const requests: SmsRequest[] = []
  const phones: { to: string; text: string }[] = []
  const replies: SmsReply[] = []
  const taken = new Set<string>()
  const server = http.createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const [message] = JSON.parse(Buffer.concat(chunks).toString()).messages as [SmsRequest['message']]
    requests.push({ path: incoming.url!, authorization: incoming.headers.authorization, message })
    const accept = () => {
      const [{ to, messageId }] = message.destinations as [{ to: string; messageId: string }]
      if (taken.has(messageId)) return smsStatus('REJECTED', 'REJECTED_DUPLICATE_MESSAGE_ID')
      taken.add(messageId)
      phones.push({ to, text: message.content.text })
      return smsStatus('PENDING', 'PENDING_ACCEPTED')
    }
    const answer = replies.shift() ?? reply(200, accept())
    answer(response, accept)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** What reached a phone. */
    phones,
    replies,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What a mail server says to the next message, at RCPT or after DATA; undefined: never an answer. */
export type MailReply = { at: 'rcpt' | 'data'; code: number | undefined }

/** A mail server without or with STARTTLS (its certificate is nobody's). `replies` are used up by the next messages. */
export async function startMailServer({ tls = false } = {}) {
  const mails: { from: string; to: string[]; source: string }[] = []
  const replies: MailReply[] = []
  const refusal = (code: number) => Object.assign(new Error('told to'), { responseCode: code })
  const server = new SMTPServer({
    disabledCommands: ['AUTH', ...(tls ? [] : ['STARTTLS'])],
    closeTimeout: 100,
    onRcptTo(_address, _session, done) {
      const [next] = replies
      if (next?.at !== 'rcpt') return done()
      replies.shift()
      if (next.code !== undefined) done(refusal(next.code))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.on('end', () => {
        const next = replies.shift()
        if (next?.code !== undefined) return done(refusal(next.code))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        })
        if (!next) done()
      })
    },
  })
  server.on('error', () => {})
  const port = await listen(server.server)
  return {
    address: `smtp://127.0.0.1:${port}`,
    mails,
    replies,
    stop: () => new Promise<void>(resolve => server.close(resolve)),
  }
}

const listen = (server: http.Server | SMTPServer['server']): Promise<number> =>
  new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
