// Customers who ask without a pause, each over a connection that is kept as long as the portal keeps it.
import http from 'node:http'

export type Load = {
  answered: number
  /** Answers that ended their connection. */
  last: number
  /** What went wrong, but for a connection that was never accepted: a balancer asks the next node then. */
  errors: string[]
}

/** Asks for `path` over `connections` until nobody accepts a connection any more. */
export async function askUntilClosed(url: string, path: string, connections: number): Promise<Load> {
  const load: Load = { answered: 0, last: 0, errors: [] }
  const customer = async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (;;) {
      try {
        const { status, connection } = await ask(new URL(path, url), agent)
        load.answered += 1
        if (connection === 'close') load.last += 1
        if (status !== 200) load.errors.push(`answered ${status}`)
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (code === 'ECONNREFUSED') break
        load.errors.push(code ?? message)
      }
    }
    agent.destroy()
  }
  await Promise.all(Array.from({ length: connections }, customer))
  return load
}

const ask = (url: URL, agent: http.Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    const request = http.get(url, { agent }, answer => {
      const { statusCode: status, headers } = answer
      answer.resume().once('error', reject)
      answer.once('end', () => resolve({ status, connection: headers.connection }))
    })
    request.once('error', reject)
  })
