// Metrics of a process, the port that tells them, and what of them Prometheus and Grafana are to ask.
import { spawnSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Registry } from '@prometheus-io/client'
import type { WorkerEvents } from 'graphile-worker'
import { afterAll, expect, test } from 'vitest'
import { MESSAGE_LATE_MS, NOTICE_LATE_MS, SILENT_MS } from '../../lib/health/rules.ts'
import { outsidePattern } from '../../lib/http/inside-address.ts'
import { type FigureName, figuresRegistry } from '../../lib/metrics/figures.ts'
import { measureProcess } from '../../lib/metrics/process.ts'
import { countRequests, REQUEST_BUCKETS, routesOfBuild } from '../../lib/metrics/requests.ts'
import { serveFigures } from '../../lib/metrics/server.ts'
import type { Answered } from '../../lib/platform/answered.ts'
import { log } from '../../lib/platform/log.ts'
import { tellRefused } from '../../lib/platform/refused.ts'
import { followJobs } from '../../lib/worker/ended.ts'
import { LANES } from '../../lib/worker/handlers.ts'
import { panelQueries, readDashboard, readSeries } from '../support/metrics.ts'

const answer: Answered = {
  ...{ requestId: 'a-request', method: 'GET', route: '/help', status: 200, ms: 12, bytes: 100 },
  ...{ statements: 0, statementMs: 0, slowStatements: 0, left: false },
}
const routes = new Set(['/help', '/invoices/[id]'])

test('a thousand invented addresses, methods and statuses make no more series than the build has routes', async () => {
  const registry = new Registry()
  const count = countRequests(registry, routes)
  for (let one = 0; one < 1000; one++) {
    count({ ...answer, route: `/reset-password/T0ken${one}`, method: `M${one}`, slowStatements: 1 })
    count({ ...answer, route: '/invoices/[id]', status: one % 2 ? 404 : 200 })
  }
  const text = await registry.metrics()
  expect(text).not.toMatch(/T0ken|M\d/)
  const series = 'drita_http_request_seconds_count'
  expect(readSeries(text, `${series}{route="unmatched",method="other",status="2xx"}`)).toBe(1000)
  expect(readSeries(text, `${series}{route="/invoices/[id]",method="GET",status="4xx"}`)).toBe(500)
  expect(readSeries(text, 'drita_slow_statements_total{route="unmatched"}')).toBe(1000)
  expect(text.match(/^drita_http_request_seconds_count/gm)).toHaveLength(3)
})

test('pages of a contract are called by the addresses that are asked for, and nothing of the build is left out', () => {
  const build = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-build-'))
  const manifest = { '/(portal)/contract-pay/page': '/contract-pay', '/(public)/help/page': '/help' }
  fs.writeFileSync(path.join(build, 'app-path-routes-manifest.json'), JSON.stringify(manifest))
  process.env.NEXT_DIST_DIR = build
  expect([...routesOfBuild(outsidePattern)]).toEqual(['file', '/contracts/[biller]/[code]/pay', '/help'])
  fs.rmSync(build, { recursive: true })
})

test('p50, p95 and p99 can be told from the buckets, to a factor of two, and alerts’ thresholds are bounds', async () => {
  const factors = REQUEST_BUCKETS.slice(1).map((bound, index) => bound / REQUEST_BUCKETS[index]!)
  expect(Math.min(...factors)).toBeGreaterThan(1)
  expect(Math.max(...factors)).toBeLessThanOrEqual(2.5)
  expect(REQUEST_BUCKETS).toEqual(expect.arrayContaining([0.1, 1]))
  const registry = new Registry()
  const count = countRequests(registry, routes)
  for (const ms of [4, 12, 12, 90, 700]) count({ ...answer, ms })
  const text = await registry.metrics()
  const under = (le: string) =>
    readSeries(text, `drita_http_request_seconds_bucket{le="${le}",route="/help",method="GET",status="2xx"}`)
  expect(['0.005', '0.02', '0.1', '0.5', '1', '+Inf'].map(under)).toEqual([1, 3, 4, 4, 5, 5])
})

test('jobs are counted by what became of them, refusals, limits and alarms by their names', async () => {
  const registry = measureProcess()
  const lane = new EventEmitter() as WorkerEvents
  followJobs(lane)
  const tell = (event: string, job: object) => (lane as EventEmitter).emit(event, { job })
  for (const attempts of [1, 12]) {
    const job = { task_identifier: 'send-sms', attempts, max_attempts: 12 }
    tell('job:start', job)
    tell('job:error', job)
    tell('job:start', job)
    tell('job:success', job)
  }
  tellRefused({ what: 'action', name: 'sign-in.refused' })
  tellRefused({ what: 'limit', name: 'sign-in-account' })
  log.error({}, 'ALARM: a bank refuses our questions: why?')
  log.error({}, 'a bank refuses our questions')
  const text = await registry.metrics()
  const jobs = (outcome: string) => readSeries(text, `drita_jobs_total{task="send-sms",outcome="${outcome}"}`)
  expect(['done', 'retried', 'failed'].map(jobs)).toEqual([2, 1, 1])
  expect(readSeries(text, 'drita_job_seconds_total{task="send-sms"}')).toBeGreaterThan(0)
  expect(readSeries(text, 'drita_refusals_total{action="sign-in.refused"}')).toBe(1)
  expect(readSeries(text, 'drita_limits_met_total{limit="sign-in-account"}')).toBe(1)
  // Prometheus sees a counter grow that stood at 0 before.
  expect(readSeries(text, 'drita_alarms_total{alarm="a refund failed"}')).toBe(0)
  expect(readSeries(text, 'drita_alarms_total{alarm="a bank refuses our questions"}')).toBe(1)
})

test('the port answers GET /metrics and nothing else; where it is taken, a sentence says so', async () => {
  const server = await serveFigures(0, '127.0.0.1', async () => 'drita_x 1\n')
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
    return [response.status, await response.text()]
  }
  expect(await ask('/metrics')).toEqual([200, 'drita_x 1\n'])
  expect(await ask('/metrics?x=1')).toEqual([200, 'drita_x 1\n'])
  for (const [path, method] of [['/'], ['/metrics/'], ['/api/health'], ['/metrics', 'POST']] as const)
    expect(await ask(path, method)).toEqual([404, ''])
  await expect(serveFigures(server.port, '127.0.0.1', async () => '')).rejects.toThrow(
    `Port ${server.port} is taken: give another one with METRICS_PORT.`,
  )
  await server.stop()
})

test('where figures cannot be told the port says so, and goes on', async () => {
  const server = await serveFigures(0, '127.0.0.1', () => Promise.reject(new Error('no')))
  expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(500)
  await server.stop()
})

test('a figure that is not known is left out, and none stays from before', async () => {
  const { registry, publish } = figuresRegistry()
  publish([['drita_maintenance_on', 1]])
  expect(readSeries(await registry.metrics(), 'drita_maintenance_on{scope="portal"}')).toBe(1)
  publish([['drita_database_bytes', null]])
  expect(await registry.metrics()).not.toMatch(/^drita/m)
})

const alerts = fs.readFileSync('deploy/alerts.yml', 'utf8')
const alertNames = [...alerts.matchAll(/alert: (\w+)$/gm)].map(([, name]) => name!)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-promtool-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))

/** What `promtool` says; throws where it finds anything wrong. */
function promtool(...parameters: string[]): void {
  const { status, stdout, stderr, error } = spawnSync('promtool', parameters, { encoding: 'utf8' })
  if (status !== 0) throw error ?? new Error(`promtool ${parameters.join(' ')}:\n${stdout}${stderr}`)
}

test('promtool takes the alerts and the configuration that names them', () => {
  promtool('check', 'rules', 'deploy/alerts.yml')
  promtool('check', 'config', 'deploy/prometheus.yml')
})

test('the most important alerts rise when they should, and only then', () => {
  promtool('test', 'rules', 'tests/support/alerts-tests.yml')
})

test('promtool takes each panel’s query', () => {
  const rules = panelQueries().map(({ query }, index) => ({ record: `panel:query:${index}`, expr: query }))
  expect(rules.length).toBeGreaterThan(40)
  const file = path.join(folder, 'panels.yml')
  // JSON is YAML.
  fs.writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
  promtool('check', 'rules', file)
})

test('panels have numbers and places of their own', () => {
  const { panels } = readDashboard()
  const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.trunc(cell / w)}`),
  )
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(places).size).toBe(places.length)
})

test('what every node says of the whole portal is never added up', async () => {
  const portal = [...(await figuresRegistry().registry.metrics()).matchAll(/^# TYPE (\w+)/gm)].map(
    ([, name]) => name as FigureName,
  )
  expect(portal.length).toBeGreaterThan(30)
  const queries = [...panelQueries().map(({ query }) => query), alerts]
  for (const name of portal) {
    const uses = queries.flatMap(query => [...query.matchAll(new RegExp(`(.{0,40})\\b${name}\\b`, 'g'))])
    const loose = uses.filter(([, before]) => !/\bmax( by \([\w, ]+\))? ?\($/.test(before!))
    expect(loose.map(([use]) => use)).toEqual([])
  }
})

test('every lane of jobs has a time after which it is late', () => {
  const [, rule = ''] = /alert: DritaJobsLate\n(.*?)for:/s.exec(alerts) ?? []
  const lanes = [...rule.matchAll(/lane=~?"([^"]+)"/g)].flatMap(([, names]) => names!.split('|'))
  expect(lanes.sort()).toEqual(Object.keys(LANES).sort())
})

test('messages are late, and banks silent, for the health page when an alert says so', () => {
  const after = (name: string) => {
    const [, factors = ''] = new RegExp(`alert: ${name}\\n.*?> ([\\d *]+)\\n`, 's').exec(alerts) ?? []
    return factors.split('*').reduce((product, factor) => product * Number(factor), 1000)
  }
  expect(after('DritaMessagesStuck')).toBe(MESSAGE_LATE_MS)
  expect(after('DritaNoticesLate')).toBe(NOTICE_LATE_MS)
  expect(after('DritaBankSilent')).toBe(SILENT_MS)
})

test('every alert has a severity, a sentence and its own page', () => {
  expect(new Set(alertNames).size).toBe(alertNames.length)
  const rules = alerts.split('- alert: ').slice(1)
  for (const [index, rule] of rules.entries()) {
    expect(rule).toMatch(/\bfor: \d+[mh]\n/)
    expect(rule).toMatch(/severity: (critical|warning)\n/)
    expect(rule).toMatch(/summary: .{10,}\n/)
    expect(rule).toContain(`runbook: docs/operations.md#${alertNames[index]!.toLowerCase()}\n`)
  }
})

test.runIf(fs.existsSync('docs/operations.md'))('the pages of the alerts are there', () => {
  const headings = fs.readFileSync('docs/operations.md', 'utf8').match(/^#+ \w+$/gm) ?? []
  const pages = headings.map(heading => heading.replace(/^#+ /, ''))
  expect(alertNames.filter(name => !pages.includes(name))).toEqual([])
})
