// The page of unpaid invoices against the bare page: requests a second, waiting times, CPU, memory, size.
import { gzipSync } from 'node:zlib'
import autocannon from 'autocannon'
import { median, printTable, quantile, range } from './figures.ts'
import type { Server } from './servers.ts'

export type Target = { name: string; server: Server; path: string; cookie?: string }
export type Load = { connections: number; rounds: number; seconds: number }

type Round = {
  perSecond: number
  cpuMs: number
  p50: number
  p95: number
  p99: number
  memory: number
}

/** Loads one target for a while. Throws where anything but 200 is answered. */
export async function measure(
  { server, path, cookie }: Target,
  connections: number,
  seconds: number,
): Promise<Round> {
  const cpuBefore = server.cpuSeconds()
  const waits: number[] = []
  const options = {
    url: server.url + path,
    connections,
    duration: seconds,
    headers: { 'accept-encoding': 'gzip', ...(cookie && { cookie }) },
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)))
    // Whole milliseconds are all that its own summary gives.
    load.on('response', (_client, _status, _bytes, wait) => waits.push(wait))
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} answers were not 200.`)
  return {
    perSecond: waits.length / result.duration,
    cpuMs: ((server.cpuSeconds() - cpuBefore) * 1000) / waits.length,
    p50: quantile(waits, 0.5),
    p95: quantile(waits, 0.95),
    p99: quantile(waits, 0.99),
    memory: server.memory(),
  }
}

/** After so long a process is as fast as it gets: its functions are compiled, its heap has its size. */
export const WARM_UP_SECONDS = 15

/** Both targets in turn, round by round, so that whatever else the machine does hits both; prints the medians. */
export async function compare(
  targets: [Target, Target],
  { connections, rounds, seconds }: Load,
): Promise<void> {
  const measured: [Round[], Round[]] = [[], []]
  for (const target of targets) await measure(target, 32, WARM_UP_SECONDS)
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes.
    for (const index of round % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
      measured[index].push(await measure(targets[index], connections, seconds))
    }
  }
  const column = (rows: Round[], key: keyof Round, digits = 1) =>
    median(rows.map(row => row[key])).toFixed(digits)
  const ratio = (key: keyof Round) =>
    range(measured[0].map((round, index) => round[key] / measured[1][index]![key]))
  console.log(
    `\n${connections === 1 ? '1 connection' : `${connections} connections`}, ${rounds} rounds of ${seconds} s in turn`,
  )
  printTable([
    ['', ...targets.map(target => target.name), 'ratio (range)'],
    ...(
      [
        ['requests a second', 'perSecond'],
        ['CPU ms a request', 'cpuMs', 2],
        ['p50 ms', 'p50'],
        ['p95 ms', 'p95'],
        ['p99 ms', 'p99'],
        ['memory MB', 'memory', 0],
      ] as [string, keyof Round, number?][]
    ).map(([label, key, digits]) => [
      label,
      column(measured[0], key, digits),
      column(measured[1], key, digits),
      ratio(key),
    ]),
  ])
}

/** kB on the wire: the document, and all the scripts it names, compressed as they are served. */
async function sizes({ server, path, cookie }: Target): Promise<{ html: number; javascript: number }> {
  const get = (address: string) =>
    fetch(server.url + address, { headers: { 'accept-encoding': 'identity', ...(cookie && { cookie }) } })
  const document = await (await get(path)).text()
  // `noModule` is for browsers that no longer matter: others load it never.
  const scripts = [...document.matchAll(/<script\b[^>]*>/g)]
    .filter(([tag]) => !/nomodule/i.test(tag!))
    .flatMap(([tag]) => /\bsrc="([^"]+)"/.exec(tag!)?.[1] ?? [])
  let javascript = 0
  for (const script of new Set(scripts)) {
    javascript += gzipSync(Buffer.from(await (await get(script)).arrayBuffer())).length
  }
  return { html: gzipSync(document).length / 1000, javascript: javascript / 1000 }
}

/** Prints what a first visit loads. */
export async function compareSizes(targets: readonly Target[]): Promise<void> {
  const rows = await Promise.all(targets.map(sizes))
  console.log('\nOn the wire, gzip')
  printTable([
    ['', ...targets.map(target => target.name)],
    ['HTML kB', ...rows.map(row => row.html.toFixed(1))],
    ['JavaScript kB', ...rows.map(row => row.javascript.toFixed(1))],
  ])
}
