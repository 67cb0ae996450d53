// Several web processes behind one port, so that every core is used.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { log } from '../lib/platform/log.ts'
import type { PortalServer } from '../server.ts'
import { bundle } from './bundle.mjs'

/**
 * Starts `count` of them and returns when all serve; rejects where one does not. One that ends by itself is started
 * again; `onLost` is told where that fails.
 */
export async function startWebProcesses(
  count: number,
  onLost: (error: Error) => void,
): Promise<PortalServer> {
  cluster.setupPrimary({ exec: bundle('web'), args: [] })
  let stopping = false
  const startOne = () =>
    new Promise<void>((resolve, reject) => {
      const one = cluster.fork()
      let serves = false
      one.once('message', () => {
        serves = true
        resolve()
      })
      one.once('exit', (status, signal) => {
        if (stopping) return
        if (!serves) return reject(new Error('A web process could not start; the lines above say why.'))
        log.error({ status, signal }, 'a web process ended and is started again')
        startOne().catch(onLost)
      })
    })
  await Promise.all(Array.from({ length: count }, startOne))
  return {
    close: async () => {
      stopping = true
      const ending = Object.values(cluster.workers ?? {}).map(async one => {
        const ended = once(one!, 'exit')
        one!.send('stop')
        await ended
      })
      await Promise.all(ending)
    },
  }
}
