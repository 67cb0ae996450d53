// The page to pay at a constant load, before a feed and while it loads in a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FEED_FILES, type FeedFile } from '../../lib/feed/schema.ts'
import { addDays, addMonths } from '../../lib/platform/dates.ts'
import { codeOf, invoiceNumber, NEXT_MONTH } from './data.ts'
import { quantile } from './figures.ts'
import type { Target } from './page.ts'

export const REQUESTS_PER_SECOND = 5
const ROWS = 200_000

export type Answers = { waits: number[]; not200: number }

/**
 * Asks for the page every fifth of a second, whether earlier requests are answered or not, and prints what a feed
 * does to their waiting times: the next month's invoices, and payments of the last one. `seconds`: before the feed.
 */
export async function measureBesideFeed(
  target: Target,
  { databaseUrl, contracts, seconds }: { databaseUrl: string; contracts: number; seconds: number },
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-bench-beside-'))
  try {
    writeFeed(folder, Math.min(contracts, ROWS / 2))
    await ask(target, sleep(seconds * 1000))
    const before = await ask(target, sleep(seconds * 1000))
    const began = performance.now()
    const importer = spawn(process.execPath, ['bin/feed.ts', '--biller', 'oshee', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DATABASE_URL: databaseUrl },
    })
    let errors = ''
    importer.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const ended = once(importer, 'exit')
    const during = await ask(target, ended)
    const loadSeconds = (performance.now() - began) / 1000
    if ((await ended)[0] !== 0) throw new Error(`The feed was not loaded:\n${errors}`)
    const p95 = (answers: Answers) => quantile(answers.waits, 0.95)
    const text = (answers: Answers) => `${p95(answers).toFixed(1)} ms (${answers.waits.length} requests)`
    console.log(`\nThe page to pay at ${REQUESTS_PER_SECOND} requests a second`)
    console.log(`p95 before         ${text(before)}`)
    console.log(`p95 while loading  ${text(during)}; the feed took ${loadSeconds.toFixed(1)} s`)
    console.log(`ratio              ${(p95(during) / p95(before)).toFixed(2)}`)
    console.log(`answers not 200    ${before.not200 + during.not200}`)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Asks until `end`, and waits for every answer. */
export async function ask({ server, path, cookie }: Target, end: Promise<unknown>): Promise<Answers> {
  const answers: Answers = { waits: [], not200: 0 }
  let isOver = false
  void end.then(() => {
    isOver = true
  })
  const under: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; !isOver; n++) {
    const due = began + (n * 1000) / REQUESTS_PER_SECOND
    await sleep(Math.max(0, due - performance.now()))
    under.push(
      (async () => {
        const response = await fetch(server.url + path, {
          headers: cookie ? { cookie } : {},
          redirect: 'manual',
        })
        await response.arrayBuffer()
        answers.waits.push(performance.now() - due)
        if (response.status !== 200) answers.not200++
      })(),
    )
  }
  await Promise.all(under)
  return answers
}

function writeFeed(folder: string, contracts: number): void {
  const lastMonth = addMonths(NEXT_MONTH, -1)
  const write = (file: FeedFile, rowOf: (contract: number) => Record<string, string | number>) => {
    const names = FEED_FILES[file].columns.map(column => column.name)
    let text = `${names.join(',')}\n`
    for (let contract = 1; contract <= contracts; contract++) {
      const row = rowOf(contract)
      text += `${names.map(name => row[name] ?? '').join(',')}\n`
    }
    fs.writeFileSync(path.join(folder, `${file}.csv`), text)
  }
  write('invoices', contract => ({
    number: invoiceNumber(NEXT_MONTH, contract),
    contract_code: codeOf(contract),
    period: NEXT_MONTH.slice(0, 7),
    issued_on: addDays(addMonths(NEXT_MONTH, 1), 2),
    due_on: addDays(addMonths(NEXT_MONTH, 2), -1),
    units_kwh: 100 + (contract % 500),
    principal: '1200.00',
    tv_tax: '100.00',
    total: '1300.00',
  }))
  write('payments', contract => ({
    reference: `B-${contract}`,
    contract_code: codeOf(contract),
    paid_on: addDays(NEXT_MONTH, 20),
    amount: '900.00',
    method: 'CASH',
    source: 'BANKA',
    invoice_number: invoiceNumber(lastMonth, contract),
  }))
}
