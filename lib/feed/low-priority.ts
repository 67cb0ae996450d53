// Lets everybody else on the machine go before a feed: it has all night, a customer at the page to pay has not.
import fs from 'node:fs'
import type { Socket } from 'node:net'
import os from 'node:os'
import type pg from 'pg'

const NICENESS = os.constants.priority.PRIORITY_BELOW_NORMAL

/**
 * Lowers this process, and the server's process of the connection where that runs on this machine and may be lowered
 * (PostgreSQL of the same user, or the embedded one): its title names the port that the connection comes from.
 */
export async function takeLowPriority(client: pg.Client): Promise<void> {
  os.setPriority(NICENESS)
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]!.pid
  try {
    const title = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1')
    const port = (client.connection.stream as Socket).localPort
    if (title.startsWith('postgres: ') && title.includes(`(${port}) `)) os.setPriority(pid, NICENESS)
  } catch {
    // Another machine or system, or another user's process.
  }
}
