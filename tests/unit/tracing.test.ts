// Traces know of addresses no more than the log does, and whoever takes none loads nothing for them.
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { expect, test, vi } from 'vitest'
import { register } from '../../instrumentation.ts'
import { answering } from '../../lib/platform/answering.ts'
import { makeProvider } from '../../lib/platform/tracing.ts'

const exporter = new InMemorySpanExporter()
const tracer = makeProvider(new SimpleSpanProcessor(exporter)).getTracer('next.js')
const SECRET = 'AL0000001'

/** As Next.js makes them. */
function makeSpans(): void {
  const request = tracer.startSpan(`GET /contracts/oshee/${SECRET}`, {
    attributes: {
      'next.span_type': 'BaseServer.handleRequest',
      'next.span_name': `GET /contracts/oshee/${SECRET}`,
      'http.method': 'GET',
      'http.target': `/contracts/oshee/${SECRET}?token=${SECRET}`,
      'http.route': `/contracts/oshee/${SECRET}`,
    },
    links: [{ context: tracer.startSpan('a').spanContext(), attributes: { SECRET } }],
  })
  request.setAttribute('http.status_code', 500)
  request.recordException(new Error(SECRET))
  request.setStatus({ code: 2, message: SECRET })
  request.end()
  const url = `http://bank.example/${SECRET}`
  tracer
    .startSpan(`fetch GET ${url}`, { attributes: { 'next.span_type': 'AppRender.fetch', 'http.url': url } })
    .end()
  tracer.startSpan(url, { attributes: { 'next.span_type': url } }).end()
}

test('a span is called by its kind and its route', () => {
  const answer = {
    unreadable: false,
    unavailable: false,
    requestId: '4821-0937-6615',
    route: '/contracts/[biller]/[code]',
  }
  answering.run(answer, makeSpans)
  makeSpans()
  const spans = exporter.getFinishedSpans()
  expect(spans.map(({ name }) => name)).toEqual([
    'GET /contracts/[biller]/[code]',
    'AppRender.fetch',
    'other',
    'GET unmatched',
    'AppRender.fetch',
    'other',
  ])
  expect(spans[0]!.attributes).toEqual({
    'next.span_type': 'BaseServer.handleRequest',
    'http.method': 'GET',
    'http.status_code': 500,
    'http.route': '/contracts/[biller]/[code]',
    'request.id': '4821-0937-6615',
  })
  expect(spans[0]!.status).toEqual({ code: 2 })
  const said = spans.map(({ name, attributes, events, links, status }) => ({
    name,
    attributes,
    events,
    links,
    status,
  }))
  expect(JSON.stringify(said)).not.toContain(SECRET)
  expect(spans[0]!.resource.attributes).toMatchObject({ 'service.name': 'drita' })
})

test('nothing is loaded where nobody takes traces', async () => {
  vi.doMock('../../lib/platform/tracing.ts', () => ({ startTracing: () => expect.fail('was started') }))
  vi.stubEnv('NEXT_RUNTIME', 'nodejs')
  await register()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:1')
  await expect(register()).rejects.toThrow('was started')
  vi.doUnmock('../../lib/platform/tracing.ts')
  vi.unstubAllEnvs()
})
