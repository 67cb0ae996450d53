// What a node says of itself and of the portal, to whoever asks on METRICS_PORT.
import { X509Certificate } from 'node:crypto'
import fs from 'node:fs/promises'
import { ClusterRegistry, Gauge, Registry } from '@prometheus-io/client'
import { getSigner } from '../certificates/signing-key.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { figuresRegistry } from './figures.ts'
import { measureProcess } from './process.ts'
import { type Reading, startReader, type Times } from './reader.ts'
import { serveFigures } from './server.ts'

/** `processes`: so many are to serve, this one alone or those that it starts; `countServing`: how many do; `routes`: of the build. */
type Web = { processes: number; countServing: () => number; routes: () => ReadonlySet<string> }

/**
 * Serves the metrics of this process and of the web processes that it starts; `web`: undefined in one that only runs jobs. Does
 * nothing where METRICS_PORT is unset.
 */
export async function startMetrics(web?: Web): Promise<{ stop: () => Promise<void> }> {
  const { METRICS_PORT, METRICS_HOST } = env()
  if (METRICS_PORT === undefined) return { stop: async () => {} }
  const told = tellNode(web)
  const server = await serveFigures(METRICS_PORT, METRICS_HOST, told.figures)
  return {
    stop: async () => {
      await server.stop()
      await told.stop()
    },
  }
}

/** What is answered. */
export function tellNode(web?: Web, times?: Times) {
  const ofProcesses = measureProcesses(web)
  const node = nodeRegistry(web)
  const portal = figuresRegistry()
  const reader = startReader(times)
  return {
    figures: async (): Promise<string> => {
      const [processes, reading] = await Promise.all([ofProcesses(), reader.read()])
      node.publish(reading, processes !== undefined)
      portal.publish(reading.figures)
      return [processes, await node.registry.metrics(), await portal.registry.metrics()].join('')
    },
    stop: reader.stop,
  }
}

/** Of this process and of those that it starts; undefined where one of them does not answer. */
function measureProcesses(web: Web | undefined): () => Promise<string | undefined> {
  const isAlone = !web || web.processes === 1
  const own = measureProcess(web && isAlone ? web.routes() : undefined)
  if (isAlone) return () => own.metrics()
  ClusterRegistry.setRegistries(own)
  const cluster = new ClusterRegistry()
  return () =>
    cluster.clusterMetrics().catch(error => {
      log.warn(errorFacts(error), 'metrics: a web process did not tell its own')
      return undefined
    })
}

function nodeRegistry(web: Web | undefined) {
  const registry = new Registry()
  const registers = [registry]
  const isUp = new Gauge({
    name: 'drita_database_up',
    help: '1 where the database answers this node; one that is only busy does.',
    registers,
  })
  const isRead = new Gauge({
    name: 'drita_figures_read',
    help: '1 where these figures of the portal could be read.',
    labelNames: ['figures'],
    registers,
  })
  const offset = new Gauge({
    name: 'drita_clock_offset_seconds',
    help: 'By how much this node’s clock is before the database’s.',
    registers,
  })
  const isComplete = new Gauge({
    name: 'drita_metrics_complete',
    help: '1 where every web process of this node told its own.',
    registers,
  })
  if (web) addWebProcesses(registry, web)
  addDisk(registry)
  addSigningKey(registry)
  return {
    registry,
    publish: ({ isUp: up, read, clockOffset }: Reading, complete: boolean) => {
      isUp.set(Number(up))
      isComplete.set(Number(complete))
      isRead.reset()
      for (const [figures, done] of Object.entries(read)) isRead.set({ figures }, Number(done))
      if (clockOffset === undefined) offset.remove()
      else offset.set(clockOffset)
    },
  }
}

function addWebProcesses(registry: Registry, { processes, countServing }: Web): void {
  const registers = [registry]
  new Gauge({
    name: 'drita_web_processes_expected',
    help: 'Processes that are to serve (WEB_PROCESSES).',
    registers,
  }).set(processes)
  new Gauge({
    name: 'drita_web_processes',
    help: 'Processes that serve.',
    registers,
    collect() {
      this.set(countServing())
    },
  })
}

/** Where DATA_DIR lies: uploads pass through it, and documents may stay there. */
function addDisk(registry: Registry): void {
  const registers = [registry]
  const size = new Gauge({ name: 'drita_disk_size_bytes', help: 'Size of the disk of DATA_DIR.', registers })
  const free = new Gauge({
    name: 'drita_disk_free_bytes',
    help: 'What of it is free.',
    registers,
    collect: async () => {
      const found = await fs.statfs(env().DATA_DIR).catch(() => undefined)
      for (const [gauge, blocks] of [[size, found?.blocks] as const, [free, found?.bavail] as const]) {
        if (found && blocks !== undefined) gauge.set(blocks * found.bsize)
        else gauge.remove()
      }
    },
  })
}

function addSigningKey(registry: Registry): void {
  const chain = getSigner()?.chain
  if (!chain) return
  new Gauge({
    name: 'drita_certificate_key_ends_timestamp_seconds',
    help: 'Until when the certificate of the key is valid that signs debt certificates.',
    registers: [registry],
  }).set(new X509Certificate(chain[0]!).validToDate.getTime() / 1000)
}
