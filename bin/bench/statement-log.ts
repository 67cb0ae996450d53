// Listens in on what a program asks PostgreSQL: every statement, with the pages that it touched.
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import pg from 'pg'

export type Statement = {
  text: string
  plan: Plan
  /** Without planning. */
  ms: number
}

/** As EXPLAIN writes it in JSON: blocks are pages of 8 kB found in memory or read, of the node and those below it. */
export type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

export const pagesOf = (plan: Plan): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']

export type StatementLog = {
  /** Of the same database, by way of the log. */
  url: string
  /** What was asked since it was called last, in the order in which it ended. */
  take: () => Statement[]
  close: () => Promise<void>
}

/**
 * Opens a way to the database at `url` on which nothing goes unheard: auto_explain sends each connection a notice of every
 * statement, those of triggers, foreign keys and functions too, and the log keeps it to itself. Needs a superuser.
 */
export async function openStatementLog(url: string): Promise<StatementLog> {
  const { hostname, port, pathname } = new URL(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const setting of [
    'session_preload_libraries = auto_explain',
    'auto_explain.log_min_duration = 0',
    'auto_explain.log_analyze = on',
    'auto_explain.log_timing = off',
    'auto_explain.log_buffers = on',
    'auto_explain.log_nested_statements = on',
    'auto_explain.log_format = json',
    'auto_explain.log_parameter_max_length = 0',
    'client_min_messages = log',
    // The server's own log stays as it was.
    'log_min_messages = panic',
  ]) {
    await client.query(`alter database ${pathname.slice(1)} set ${setting}`)
  }
  await client.end()
  const heard: Statement[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer(client => {
    const upstream = net.connect(Number(port), hostname)
    const pass = withoutNotices(statement => heard.push(statement))
    client.pipe(upstream)
    upstream.on('data', data => client.write(pass(data)))
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.href,
    take: () => heard.splice(0),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const NOTICE = 'N'.charCodeAt(0)

/** What the server sends without auto_explain's notices, which are told instead. A message: its type, its length, itself. */
function withoutNotices(tell: (statement: Statement) => void): (data: Buffer) => Buffer {
  let waiting = Buffer.alloc(0)
  return data => {
    waiting = Buffer.concat([waiting, data])
    const passed: Buffer[] = []
    while (waiting.length >= 5 && waiting.length > waiting.readInt32BE(1)) {
      const message = waiting.subarray(0, waiting.readInt32BE(1) + 1)
      waiting = waiting.subarray(message.length)
      const statement = message[0] === NOTICE ? readNotice(message.toString('utf8', 5)) : undefined
      if (statement) tell(statement)
      else passed.push(message)
    }
    return Buffer.concat(passed)
  }
}

/** The fields of a notice end with a zero byte each; the message is the one whose letter is M. */
function readNotice(fields: string): Statement | undefined {
  const [, ms, json] = /\0Mduration: ([\d.]+) ms {2}plan:\n(\{[^\0]*\})/.exec(fields) ?? []
  if (!json) return undefined
  const { 'Query Text': text, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: Plan }
  return { text, plan, ms: Number(ms) }
}
