// What a process measures of itself: its answers, connections, jobs and refusals, and what Node.js says of it.
import { ClusterRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client'
import { alarms, whenAlarmed } from '../platform/alarms.ts'
import { whenAnswered } from '../platform/answered.ts'
import { listPools } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { whenRefused } from '../platform/refused.ts'
import { whenJobEnds } from '../worker/ended.ts'
import { countRequests } from './requests.ts'

/** Node.js is asked so often how busy its loop is. */
const LOOP_MS = 1_000

/** Measures this process from now on. `routes`: the patterns of what it serves; others count as one. */
export function measureProcess(routes: ReadonlySet<string> = new Set()): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopUtilizationTimeout: LOOP_MS })
  // Of several processes its quantiles cannot be told together.
  registry.removeSingleMetric('nodejs_eventloop_utilization_summary')
  whenAnswered(countRequests(registry, routes))
  measurePools(registry)
  countJobs(registry)
  countRefusals(registry)
  countAlarms(registry)
  return registry
}

/** The same in one of several web processes: the one that started it asks for the figures. */
export function measureWebProcess(routes: ReadonlySet<string>): void {
  ClusterRegistry.setRegistries(measureProcess(routes))
  new ClusterRegistry()
}

function measurePools(registry: Registry): void {
  const registers = [registry]
  const connections = new Gauge({
    name: 'drita_pool_connections',
    help: 'Connections to the database, by the work they are for and whether they are at work.',
    labelNames: ['work', 'state'],
    registers,
    collect: () => {
      for (const { work, inUse, idle } of listPools()) {
        connections.set({ work, state: 'in_use' }, inUse)
        connections.set({ work, state: 'idle' }, idle)
      }
    },
  })
  const waiting = new Gauge({
    name: 'drita_pool_waiting',
    help: 'How many wait for a connection.',
    labelNames: ['work'],
    registers,
    collect: () => {
      for (const one of listPools()) waiting.set({ work: one.work }, one.waiting)
    },
  })
  const size = new Gauge({
    name: 'drita_pool_size',
    help: 'Most connections there may be (DATABASE_POOL).',
    labelNames: ['work'],
    registers,
    collect: () => {
      for (const { work } of listPools()) size.set({ work }, env().DATABASE_POOL)
    },
  })
}

function countJobs(registry: Registry): void {
  const registers = [registry]
  const ended = new Counter({
    name: 'drita_jobs_total',
    help: 'Jobs that ended in this process: done, failed and to be tried again, failed for good.',
    labelNames: ['task', 'outcome'],
    registers,
  })
  const spent = new Counter({
    name: 'drita_job_seconds_total',
    help: 'Seconds that jobs took, summed up.',
    labelNames: ['task'],
    registers,
  })
  whenJobEnds(({ task, outcome, seconds }) => {
    ended.inc({ task, outcome })
    spent.inc({ task }, seconds)
  })
}

function countRefusals(registry: Registry): void {
  const registers = [registry]
  const actions = new Counter({
    name: 'drita_refusals_total',
    help: 'What was refused, as the audit log calls it; the log itself takes only some of them.',
    labelNames: ['action'],
    registers,
  })
  const limits = new Counter({
    name: 'drita_limits_met_total',
    help: 'Tries that were refused because there had been too many, by the limit.',
    labelNames: ['limit'],
    registers,
  })
  whenRefused(({ what, name }) => {
    if (what === 'action') actions.inc({ action: name })
    else limits.inc({ limit: name })
  })
}

function countAlarms(registry: Registry): void {
  const written = new Counter({
    name: 'drita_alarms_total',
    help: 'Lines of the log that begin with ALARM, by what they say.',
    labelNames: ['alarm'],
    registers: [registry],
  })
  for (const alarm of alarms) written.inc({ alarm }, 0)
  whenAlarmed(alarm => written.inc({ alarm }))
}
