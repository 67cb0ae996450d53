// Traces by OpenTelemetry, of what Next.js says that it does. Loaded only where somebody takes them (instrumentation.ts).
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { answering } from './answering.ts'

/** To OTEL_EXPORTER_OTLP_ENDPOINT. */
export function startTracing(): void {
  const provider = makeProvider(new BatchSpanProcessor(new OTLPTraceExporter()))
  // What strangers send in `traceparent` would choose which requests are traced, and as whose.
  provider.register({ propagator: null })
}

export const makeProvider = (processor: SpanProcessor): NodeTracerProvider =>
  new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'drita' }),
    spanProcessors: [new WithoutAddresses(processor)],
  })

/** By Next.js' own kinds of spans: the one of a whole request. */
const REQUEST = 'BaseServer.handleRequest'
const KIND = 'next.span_type'
const IS_KIND = /^\w+\.\w+$/
/** Numbers, and words of Next.js'. */
const KEPT = ['http.method', 'http.status_code', 'next.rsc']

/**
 * Passes spans on without what they were asked: Next.js puts addresses into their names, attributes and errors, and those hold codes
 * and tokens (https://github.com/vercel/next.js/issues/54694). A span is called by its kind and its route's pattern.
 */
class WithoutAddresses implements SpanProcessor {
  #next: SpanProcessor

  constructor(next: SpanProcessor) {
    this.#next = next
  }

  onStart(...started: Parameters<SpanProcessor['onStart']>): void {
    this.#next.onStart(...started)
  }

  onEnd(span: ReadableSpan): void {
    const answer = answering.getStore()
    const route = answer?.route ?? 'unmatched'
    const said = String(span.attributes[KIND])
    const kind = IS_KIND.test(said) ? said : 'other'
    const kept = KEPT.flatMap(name => {
      const value = span.attributes[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    this.#next.onEnd({
      name: kind === REQUEST ? `${span.attributes['http.method']} ${route}` : kind,
      attributes: {
        ...Object.fromEntries(kept),
        [KIND]: kind,
        'http.route': route,
        ...(answer?.requestId && { 'request.id': answer.requestId }),
      },
      status: { code: span.status.code },
      events: [],
      links: [],
      kind: span.kind,
      spanContext: () => span.spanContext(),
      parentSpanContext: span.parentSpanContext,
      startTime: span.startTime,
      endTime: span.endTime,
      duration: span.duration,
      ended: span.ended,
      resource: span.resource,
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    })
  }

  forceFlush = () => this.#next.forceFlush()
  shutdown = () => this.#next.shutdown()
}
