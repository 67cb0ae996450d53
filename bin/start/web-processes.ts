// Several web processes behind one port, so that every core is used.
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { log } from '../../lib/platform/log.ts'
import type { PortalServer } from '../../server.ts'

const serving = new Set<number>()

/** How many of them serve now. */
export const countServing = (): number => serving.size

/**
 * Starts `count` of them and returns when all serve; rejects where one does not. One that ends by itself is started
 * again; `onLost` is told where that fails.
 */
export async function startWebProcesses(
  count: number,
  onLost: (error: Error) => void,
): Promise<PortalServer> {
  cluster.setupPrimary({ exec: 'bin/web.ts', args: [] })
  let stopping = false
  const startOne = () =>
    new Promise<void>((resolve, reject) => {
      // Whoever serves has no need to own.
      const one = cluster.fork({ DATABASE_OWNER_URL: '' })
      void said(one, 'ready').then(() => {
        serving.add(one.id)
        resolve()
      })
      // What is under way to one that was killed: its exit says the rest.
      one.on('error', error => log.warn({ message: error.message }, 'a web process cannot be reached'))
      one.once('exit', (status, signal) => {
        if (stopping) return
        if (!serving.delete(one.id))
          return reject(new Error('A web process could not start; the lines above say why.'))
        log.error({ status, signal }, 'a web process ended and is started again')
        startOne().catch(onLost)
      })
    })
  await Promise.all(Array.from({ length: count }, startOne))
  const all = () => Object.values(cluster.workers ?? {}) as Worker[]
  return {
    drain: async () => {
      stopping = true
      await Promise.all(
        all().map(async one => {
          const ended = once(one, 'exit')
          // One that is still starting has nothing under way, and would not hear it.
          if (serving.has(one.id)) one.send('drain')
          else one.process.kill('SIGKILL')
          await Promise.race([said(one, 'drained'), ended])
        }),
      )
    },
    // After all of them have stopped listening: who is told that a connection ends connects anew, and might be accepted by
    // a process that is just about to.
    close: async () => {
      await Promise.all(
        all().map(async one => {
          const ended = once(one, 'exit')
          one.send('stop')
          await ended
        }),
      )
    },
  }
}

/** Waits until a process says so; metrics come the same way. */
const said = (one: Worker, word: string): Promise<void> =>
  new Promise(resolve => {
    const listen = (message: unknown) => {
      if (message !== word) return
      one.off('message', listen)
      resolve()
    }
    one.on('message', listen)
  })
