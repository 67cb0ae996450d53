// Workers that die, and a mail server that hangs.
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.ts'
import { paymentAttempts } from '../../../db/schema/payments.ts'
import { sendMessage } from '../../../lib/notifications/outbox.ts'
import { enqueue } from '../../../lib/platform/jobs.ts'
import { startSmsProvider } from '../../support/channels.ts'
import { Customer } from '../../support/customer.ts'
import { rows } from '../../support/portal-process.ts'
import { seconds } from '../figures.ts'
import { makeCustomers, openDrillDatabase, PASSWORD } from '../paying.ts'
import type { Place } from '../place.ts'

/** Three beats missed, and one until the next look (lib/jobs/runner.ts). */
const FREED_MS = 60_000
const AT_ONCE_MS = 10_000
const MAILS = 1000

/** Workers that send messages for real, which those of a demonstration do not. */
const channels = (sms: string, mail: string) => ({
  DEMO: 'off',
  SMTP_URL: mail,
  MAIL_FROM: 'Drita <no-reply@example.com>',
  INFOBIP_BASE_URL: sms,
  INFOBIP_API_KEY: 'a-key',
  SMS_SENDER: 'Drita',
})

const until = async (what: string, withinMs: number, holds: () => unknown): Promise<number> => {
  const began = Date.now()
  while (!(await holds())) {
    if (Date.now() - began > withinMs) throw new Error(`${what}: not within ${seconds(withinMs)}`)
    await sleep(50)
  }
  return Date.now() - began
}

/** A code by SMS is with the provider, which does not answer, when the worker is killed. */
export async function deadWorker({ postgres, startWorker }: Place): Promise<string[]> {
  const provider = await startSmsProvider()
  const db = openDrillDatabase(postgres.url)
  try {
    provider.replies.push(() => {})
    const settings = channels(provider.url, 'smtp://127.0.0.1:1?requireTLS=false')
    const first = await startWorker(settings)
    await db.transaction(tx => sendCode(tx, '+38344777001'))
    await until('the code is with the provider', AT_ONCE_MS, () => provider.requests.length === 1)
    await first.kill()
    const killedAt = Date.now()
    const second = await startWorker(settings)
    await until('another worker does it', FREED_MS, () => provider.phones.length === 1)
    const took = Date.now() - killedAt
    await sleep(2000)
    if (provider.phones.length !== 1) throw new Error(`the code came ${provider.phones.length} times`)
    await second.stop()
    return [`another worker sent it ${seconds(took)} after the kill, once`]
  } finally {
    provider.stop()
    await db.$client.end()
  }
}

export async function hangingMail({ postgres, nginx, startWorker }: Place): Promise<string[]> {
  const provider = await startSmsProvider()
  const mail = await startSilentServer()
  const db = openDrillDatabase(postgres.url)
  try {
    await db.transaction(async tx => {
      for (let count = 0; count < MAILS; count++) {
        const recipient = { to: `drill${count}@example.com`, language: 'en' } as const
        await sendMessage(tx, recipient, { kind: 'verify-email', link: nginx.url, days: 7 })
      }
    })
    const worker = await startWorker(channels(provider.url, mail.url))
    await until('the mail server is asked', AT_ONCE_MS, () => mail.connections() > 0)
    await sleep(3000)

    const codeAt = Date.now()
    await db.transaction(tx => sendCode(tx, '+38344777002'))
    await until('the code is delivered', AT_ONCE_MS, () => provider.phones.length === 1)
    const code = Date.now() - codeAt

    const attempt = await leaveAtBank(nginx.url, db)
    const askedAt = Date.now()
    await enqueue(
      db,
      'check-payment',
      { attemptId: attempt },
      { key: `check-payment:${attempt}`, urgent: true },
    )
    const asked = await until('the bank is asked', AT_ONCE_MS, async () => {
      const [found] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, attempt))
      return (found?.askedAt?.getTime() ?? 0) >= askedAt
    })
    const [waiting] = await rows<{ count: number }>(
      postgres.url,
      `select count(*)::int as count from messages where channel = 'email' and state = 'queued' and kind = 'verify-email'`,
    )
    const hanging = mail.connections()
    await worker.kill()
    // Jobs without their message do nothing.
    await rows(postgres.url, `delete from messages where kind = 'verify-email'`)
    if (waiting!.count < MAILS) throw new Error(`only ${waiting!.count} e-mails were waiting`)
    return [
      `with ${waiting!.count} e-mails waiting and ${hanging} connections that hang: a code after ${code} ms, a bank asked after ${asked} ms`,
    ]
  } finally {
    provider.stop()
    mail.stop()
    await db.$client.end()
  }
}

const sendCode = (db: Executor, to: string) =>
  sendMessage(db, { to, language: 'en' }, { kind: 'registration-code', code: '123456', minutes: 10 })

/** A customer who is at the bank and does nothing there; the attempt's id. */
async function leaveAtBank(url: string, db: Database): Promise<string> {
  const [{ username, codes }] = (await makeCustomers(db, 1, 1)) as [{ username: string; codes: string[] }]
  const customer = new Customer(url)
  await customer.signIn(username, PASSWORD)
  const form = await customer.get(`/contracts/kesco/${codes[0]}/pay`)
  const bank = await customer.submit(form, 'invoices', { intent: 'pay' })
  const [attempt] = await db
    .select()
    .from(paymentAttempts)
    .where(eq(paymentAttempts.number, bank.path.split('/').at(-1)!))
  if (!attempt) throw new Error(`Paying led to ${bank.path} (${bank.status}), not to the bank.`)
  return attempt.id
}

/** Takes connections and never says a word. */
async function startSilentServer(): Promise<{ url: string; connections: () => number; stop: () => void }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?requireTLS=false`,
    connections: () => sockets.size,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
