// PDFs a second: invoices made in this process and asked of the portal, and signatures.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import { getInvoice } from '../../lib/billing/queries.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { Sheet } from '../../lib/pdf/sheet.ts'
import { type Signer, signatureRoom, signPdf } from '../../lib/pdf/signature.ts'
import { closeDatabases } from '../../lib/platform/database.ts'
import { selfSigned } from '../start/self-signed.ts'
import { rows } from './data.ts'
import { median, printTable } from './figures.ts'
import { type Load, measure, type Target } from './page.ts'

/** One of the customer's invoices, as the address of its page and as what its PDF is made of. */
export async function someInvoice(databaseUrl: string): Promise<{ id: number; accountId: string }> {
  const [found] = await rows<{ id: number; account_id: string }>(
    databaseUrl,
    `select i.id::int, ca.account_id from contract_access ca join invoices i on i.contract_id = ca.contract_id
     join accounts a on a.id = ca.account_id where a.username = 'bench' order by i.id limit 1`,
  )
  return { id: found!.id, accountId: found!.account_id }
}

/** Letters of both typefaces. */
const LETTERS =
  'abcdeëfghijklmnopqrstuvxyzABCÇDEËFGHIJKLMNOPQRSTUVXYZčćšžđČĆŠŽĐабвгдђежзијклљмнњопрстћуфхцчџшαβγδεζηθικλμνξοπρστυφχψω'

/** Milliseconds and bytes of the slowest of `count` invoices whose texts are random and as long as their columns allow. */
async function slowestOfRandom(invoice: Invoice, count: number): Promise<{ ms: number; bytes: number }> {
  const letter = () => LETTERS[Math.floor(Math.random() * LETTERS.length)]!
  const text = (length: number) =>
    Array.from({ length }, () => (Math.random() < 0.12 ? ' ' : letter()))
      .join('')
      .trim()
  let slowest = { ms: 0, bytes: 0 }
  for (let made = 0; made < count; made++) {
    const lines = Array.from({ length: 6 }, () => ({ ...invoice.lines[0]!, code: text(200) }))
    const holder = {
      name: text(401),
      address: text(300),
      phone: text(200),
      personalNumber: text(200),
      businessNumber: text(200),
      meterNumber: text(200),
    }
    const random = {
      ...invoice,
      number: text(200),
      tariffGroup: text(200),
      holder,
      lines,
    }
    const start = performance.now()
    const { length } = invoicePdf(random, 'en')
    const ms = performance.now() - start
    if (ms > slowest.ms) slowest = { ms, bytes: length }
    await nextTurn()
  }
  return slowest
}

type Rounds = Omit<Load, 'connections'>

/** So often `work` is done in a second of this process's CPU; told which time it is. */
async function perSecondOfCpu(
  { rounds, seconds }: Rounds,
  work: (which: string) => void | Promise<void>,
): Promise<number> {
  const figures: number[] = []
  for (let round = -1; round < rounds; round++) {
    const cpu = process.cpuUsage()
    let count = 0
    for (const until = performance.now() + seconds * 1000; performance.now() < until; count++) {
      await work(`${round}-${count}`)
      // As in a server: without it nothing that waits for the next turn is ever let go.
      await nextTurn()
    }
    const { user, system } = process.cpuUsage(cpu)
    // The first round warms up.
    if (round >= 0) figures.push(count / ((user + system) / 1e6))
  }
  return median(figures)
}

/** Of documents that are made already; the bytes are what a file grows by. */
async function measureSigning(load: Rounds): Promise<{ perSecond: number; bytes: number }> {
  const now = new Date()
  const { key, certificate } = selfSigned('bench', now, new Date(now.getTime() + 86_400_000))
  const signer: Signer = { key: createPrivateKey(key), chain: [new X509Certificate(certificate).raw] }
  const documentWith = (signature?: { room: number; at: Date }) => {
    const sheet = new Sheet({ title: 'bench', author: 'bench', locale: 'sq', continued: '', madeAt: now })
    return sheet.finish(() => ({ left: '', right: '' }), { signature })
  }
  const unsigned = documentWith({ room: signatureRoom(signer), at: now })
  const perSecond = await perSecondOfCpu(load, async which => {
    // Each is another one.
    await signPdf(Buffer.concat([unsigned, Buffer.from(which)]), signer)
  })
  return { perSecond, bytes: unsigned.length - documentWith().length }
}

/** `portal`: with a session. DATABASE_URL of this process leads to the same database. */
export async function measureDocuments(portal: Target, { rounds, seconds }: Rounds): Promise<void> {
  const { id, accountId } = await someInvoice(process.env.DATABASE_URL!)
  const invoice = await getInvoice({ id: accountId }, id, new Date())
  if (!invoice) throw new Error('The invoice to measure is not there.')
  await closeDatabases()
  const load = { rounds, seconds }
  let bytes = 0
  // Each is another one: what two documents share may be made once, the same document may not.
  const made = await perSecondOfCpu(load, which => {
    bytes = invoicePdf({ ...invoice, number: `${invoice.number}-${which}` }, 'sq').length
  })
  const signing = await measureSigning(load)
  const slowest = await slowestOfRandom(invoice, 500)
  const target = { ...portal, path: `/invoices/${id}/pdf` }
  await measure(target, 8, seconds)
  const asked = []
  for (let round = 0; round < rounds; round++) asked.push(await measure(target, 8, seconds))
  console.log(`\nPDFs, ${rounds} rounds of ${seconds} s`)
  printTable([
    ['', 'figure'],
    ['made, per second of CPU', made.toFixed(0)],
    ['signatures, per second of CPU', signing.perSecond.toFixed(0)],
    ['a signature with its certificate, kB', (signing.bytes / 1000).toFixed(1)],
    ['over HTTP, a second, 8 connections', median(asked.map(round => round.perSecond)).toFixed(0)],
    ['over HTTP, per second of CPU', median(asked.map(round => 1000 / round.cpuMs)).toFixed(0)],
    ['kB', (bytes / 1000).toFixed(1)],
    ['slowest of 500 with random texts at every limit, ms', slowest.ms.toFixed(0)],
    ['that one, kB', (slowest.bytes / 1000).toFixed(1)],
  ])
}
