// The drill's PostgreSQL: a server that writes, a replica of it, and the address that leads to whichever writes.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort, startEmbeddedPostgres } from '../../db/embedded.ts'
import { prepareFiles } from '../../db/embedded-files.ts'
import { rows } from '../support/postgres.ts'
import { openAddress } from './address.ts'
import { makeReplica, untilFollows, waitForReplicas } from './replica.ts'
import { makeServer, type Server } from './server.ts'

const OWNER = 'drita_owner'
const SERVING = 'drita_serving'
const PASSWORD = 'of-the-drill'
/** Nothing listens there. */
const NOWHERE = 1

export type Postgres = {
  /** Of the database `drita`, empty at first, as one who may do anything. This and the next two lead to whichever server writes. */
  url: string
  /** As the role that owns it, and as the one that serves (README, "A role that only serves"). */
  owner: string
  serving: string
  /** As the role that serves, to the replica: the newest that was made, also once it has become the server that writes. */
  following: string
  /** As the role that serves, straight to the server that writes now: for a PgBouncer, which is told of another one. */
  behind: () => string
  /** The server that writes, and the one that follows it. */
  primary: Server
  replica: Server | undefined
  /** Makes a replica; from then on who commits waits for it. */
  addReplica: () => Promise<void>
  /** With `false` nobody waits for the replica any more: whoever watches sets that where it is gone. */
  waitForReplica: (waits: boolean) => Promise<void>
  /** Where the server that writes is gone: the replica takes over, and the address leads to it. */
  failOver: () => Promise<void>
  /** Has the server that writes go on with its files at another place. It does not run meanwhile. */
  moveTo: (cluster: string) => void
  end: () => Promise<void>
}

export async function startPostgres(): Promise<Postgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-drill-'))
  fs.chmodSync(folder, 0o755)
  // Makes the files and the database.
  const embedded = await startEmbeddedPostgres(folder)
  await embedded.stop()
  const files = prepareFiles(folder)
  const first = makeServer(files, files.cluster, await freePort())
  await first.start()
  const address = await openAddress(first.port)
  const followed = await openAddress(NOWHERE)
  const { username, password, pathname } = new URL(embedded.url)
  const as = (who: string, secret: string, port = address.port) =>
    `postgres://${who}:${secret}@127.0.0.1:${port}${pathname}`
  const url = as(username, password)
  await rows(url, `create role ${OWNER} login password '${PASSWORD}'`)
  await rows(url, `create role ${SERVING} login password '${PASSWORD}'`)
  await rows(url, `alter database ${pathname.slice(1)} owner to ${OWNER}`)

  let replicas = 0
  const name = () => `drita_replica_${replicas}`
  const postgres: Postgres = {
    url,
    owner: as(OWNER, PASSWORD),
    serving: as(SERVING, PASSWORD),
    following: as(SERVING, PASSWORD, followed.port),
    behind: () => as(SERVING, PASSWORD, postgres.primary.port),
    primary: first,
    replica: undefined,
    addReplica: async () => {
      replicas += 1
      postgres.replica = await makeReplica(files, postgres.primary, url, name())
      await untilFollows(url, name())
      await waitForReplicas(url, [name()])
      followed.leadTo(postgres.replica.port)
    },
    waitForReplica: async waits => {
      if (waits) await untilFollows(url, name())
      await waitForReplicas(url, waits ? [name()] : [])
    },
    failOver: async () => {
      await postgres.replica!.promote()
      postgres.primary = postgres.replica!
      postgres.replica = undefined
      address.leadTo(postgres.primary.port)
    },
    moveTo: cluster => {
      postgres.primary = makeServer(files, cluster, postgres.primary.port)
    },
    end: async () => {
      address.close()
      followed.close()
      for (const server of [postgres.replica, postgres.primary]) {
        if (!server?.isRunning()) continue
        server.thaw()
        await server.stop()
      }
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
  return postgres
}
